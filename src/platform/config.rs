//! Settings.
#[derive(Debug)]
pub struct LimitSettings {
    pub wrong_passwords: u32,
    pub wrong_password_window_minutes: u32,
}
#[derive(Debug)]
pub struct Config {
    pub limits: LimitSettings,
    pub public_url: Option<String>,
    pub production: bool,
    pub trusted_proxies: Vec<std::net::IpAddr>,
}
