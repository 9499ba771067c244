//! Our own few line icons, drawn on a grid of 24. They accompany words or stand in a control that names itself.

use leptos::prelude::*;

/// The line drawing called `name` (see `outline`). Hidden from screen readers: the control beside it has the words.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=outline(name)></path>
        </svg>
    }
}

/// One path per icon; an unknown name draws nothing.
fn outline(name: &str) -> &'static str {
    match name {
        "search" => "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.5 4.5",
        "message" => "M4 5.5h16v11H11l-4.5 3.5v-3.5H4z",
        "bell" => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
        "person" => {
            "M12 4.5a3.75 3.75 0 1 1 0 7.5 3.75 3.75 0 0 1 0-7.5zM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5"
        }
        "chevron" => "M7 10l5 5 5-5",
        "arrow" => "M4.5 12h15M13.5 6l6 6-6 6",
        "back" => "M19.5 12h-15M10.5 6l-6 6 6 6",
        "lock" => "M6 10.5h12v9.5H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14v2.5",
        "unlock" => "M6 10.5h12v9.5H6zM8.5 10.5V7.5a3.5 3.5 0 0 1 6.7-1.4M12 14v2.5",
        "eye" => {
            "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"
        }
        "pen" => "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5L17.5 10",
        "document" => "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5",
        "upload" => "M12 15.5V4.5M7 9l5-5 5 5M4.5 15.5V20h15v-4.5",
        "download" => "M12 4.5v11M7 11l5 5 5-5M4.5 15.5V20h15v-4.5",
        "image" => "M4 5h16v14H4zM4 16l5-5 4.5 4.5L16 13l4 4M15.5 8.25a1 1 0 1 1 0 2 1 1 0 0 1 0-2z",
        "check" => "M5 12.5l4.5 4.5L19 7.5",
        "cross" => "M6 6l12 12M18 6L6 18",
        "plus" => "M12 5v14M5 12h14",
        "minus" => "M5 12h14",
        "up" => "M12 19V5M6 11l6-6 6 6",
        "down" => "M12 5v14M6 13l6 6 6-6",
        "clock" => "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 7.5V12l3 2",
        "alert" => "M12 4l9 15.5H3zM12 10v4.5M12 17v.2",
        "filter" => "M4 6.5h16M7 12h10M10 17.5h4",
        "link" => "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
        "trash" => "M5 7h14M9.5 7V4.5h5V7M7 7l.8 13h8.4L17 7M10.5 10.5v6M13.5 10.5v6",
        "sun" => {
            "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
        }
        "moon" => "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
        "screen" => "M3.5 5h17v11.5h-17zM9 20h6M12 16.5V20",
        _ => "",
    }
}
