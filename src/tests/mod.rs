//! Tests of whole doors: over HTTP, as several people, on a real Postgres, object store and mail folder.
//! `app` is the server in a test, `people` are who uses it.

pub mod app;
pub mod people;
pub mod projects;

mod access;
mod accounts;
mod arrows;
mod factors;
mod files;
mod nda_templates;
mod nda_tools;
mod pdf_templates;
mod pitches;
mod questions;
mod reading;
mod releases;
mod seals;
mod security;
mod sharing;
mod uploads;
mod viruses;
