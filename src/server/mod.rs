//! The HTTP server and the worker: router, guard, forms, health; THE list of jobs and schedules.

pub mod worker;
