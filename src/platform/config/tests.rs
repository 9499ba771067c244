use super::*;

fn read(file: &str, env: &[(&str, &str)]) -> anyhow::Result<Config> {
    Config::read(file, |name| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
}

const PRODUCTION: [(&str, &str); 11] = [
    ("LEPTOS_ENV", "PROD"),
    ("DATABASE_URL", "postgres://u:p@db.internal/pitchey?sslmode=verify-full"),
    ("S3_ENDPOINT", "https://s3.example"),
    ("S3_BUCKET", "pitchey"),
    ("S3_ACCESS_KEY_ID", "12345"),
    ("S3_SECRET_ACCESS_KEY", "secret"),
    ("SMTP_URL", "smtps://u:p@mail.example"),
    ("MAIL_FROM", "Pitchey <no-reply@pitchey.example>"),
    ("PUBLIC_URL", "https://pitchey.example/"),
    ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ("SEAL_KEY", "-----BEGIN PRIVATE KEY-----"),
];

/// The production settings with one of them changed or, given nothing, left out.
fn problems_with(name: &str, value: &str) -> Vec<String> {
    let mut env: Vec<_> = PRODUCTION.iter().copied().filter(|(n, _)| *n != name).collect();
    env.push((name, value));
    read("", &env).unwrap().problems()
}

#[test]
fn nothing_has_to_be_set() {
    let config = read("", &[]).unwrap();
    assert!(!config.production && config.database_url.is_none() && config.s3.is_none());
    assert_eq!(config.data_dir, Path::new(".data"));
    assert_eq!(config.local_url, "http://127.0.0.1:3000");
    assert_eq!((config.limits.sign_ins_per_minute, config.limits.registrations_per_hour), (60, 20));
    config.check().unwrap();
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file = "[app]\ndata_dir = \"/srv\"\nmail_from = \"a@b.test\"\n[app.limits]\nwrong_passwords = 3\n";
    let config = read(file, &[("DATA_DIR", "/data"), ("LIMIT_SIGN_INS_PER_MINUTE", "7"), ("SMTP_URL", "")]).unwrap();
    assert_eq!(config.data_dir, Path::new("/data"));
    assert_eq!(config.mail_from, "a@b.test");
    assert_eq!((config.limits.sign_ins_per_minute, config.limits.wrong_passwords), (7, 3));
    assert_eq!(config.limits.wrong_password_window_minutes, 15);
    assert!(config.smtp_url.is_none(), "a variable set to nothing is not set");
}

#[test]
fn a_secret_of_digits_stays_text_and_proxies_are_a_list() {
    let config = read("", &[("SECRET_KEY", "123456"), ("TRUSTED_PROXIES", "10.0.0.1, ::1")]).unwrap();
    assert_eq!(config.secret_key.as_deref(), Some("123456"));
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(read("", &[("LEPTOS_SITE_ADDR", "0.0.0.0:8080")]).unwrap().local_url, "http://127.0.0.1:8080");
}

#[test]
fn wrong_settings_are_named() {
    let said = |env: &[(&str, &str)]| read("", env).unwrap_err().to_string();
    assert!(said(&[("LIMIT_WRONG_PASSWORDS", "many")]).starts_with("LIMIT_WRONG_PASSWORDS must be a whole number"));
    assert!(said(&[("LEPTOS_ENV", "staging")]).contains("DEV or PROD"));
    assert!(said(&[("S3_ENDPOINT", "https://s3.example"), ("S3_BUCKET", "b")]).contains("S3_ACCESS_KEY_ID is not set"));
    assert!(said(&[("TRUSTED_PROXIES", "router")]).contains("TRUSTED_PROXIES"));
    assert!(read("[app]\ndata_dri = \"x\"\n", &[]).unwrap_err().to_string().contains("data_dri"));
}

#[test]
fn redis_is_refused_rather_than_ignored() {
    assert!(
        read("", &[("REDIS_URL", "redis://localhost")]).unwrap().check().unwrap_err().to_string().contains("REDIS_URL")
    );
}

#[test]
fn a_complete_production_starts() {
    let config = read("", &PRODUCTION).unwrap();
    assert!(config.production);
    assert_eq!(config.problems(), Vec::<String>::new());
    assert_eq!(config.public_url.as_deref(), Some("https://pitchey.example"));
    assert_eq!(config.s3.unwrap().access_key_id, "12345");
}

#[test]
fn production_refuses_each_development_default_by_name() {
    for name in ["DATABASE_URL", "SMTP_URL", "PUBLIC_URL", "SECRET_KEY", "SEAL_KEY"] {
        let problems = problems_with(name, "");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(name), "{problems:?}");
    }
    let without_s3: Vec<_> = PRODUCTION.iter().copied().filter(|(n, _)| !n.starts_with("S3_")).collect();
    assert!(read("", &without_s3).unwrap().problems()[0].starts_with("S3_ENDPOINT"));
    assert!(problems_with("SECRET_KEY", "short")[0].contains("too short"));
    assert_eq!(read("", &[("LEPTOS_ENV", "PROD")]).unwrap().problems().len(), 6);
    let demo = Config { demo: true, ..read("", &PRODUCTION).unwrap() };
    assert!(demo.problems()[0].contains("--demo"));
}

#[test]
fn production_refuses_plain_connections_to_other_hosts() {
    for (name, plain, near) in [
        ("DATABASE_URL", "postgres://u@db.internal/pitchey", "postgres://u@127.0.0.1/pitchey"),
        ("DATABASE_URL", "postgres://u@db.internal/p?sslmode=prefer", "postgres:///p?host=/run/postgresql"),
        ("SMTP_URL", "smtp://mail.example:25", "smtp://localhost:25"),
        ("SMTP_URL", "smtp://mail.example:587", "smtp://mail.example:587?tls=required"),
        ("S3_ENDPOINT", "http://s3.example", "http://127.0.0.1:9000"),
        ("PUBLIC_URL", "http://pitchey.example", "http://localhost:3000"),
    ] {
        assert!(problems_with(name, plain)[0].starts_with(name), "{plain}");
        assert_eq!(problems_with(name, near), Vec::<String>::new(), "{near}");
    }
}

#[test]
fn secrets_do_not_reach_the_log() {
    let said = format!("{:?}", read("", &PRODUCTION).unwrap());
    assert!(!said.contains("secret") && !said.contains("u:p"), "{said}");
}

/// `cargo leptos` reads the one, a deployed server the other.
#[test]
fn leptos_toml_is_in_step_with_cargo_toml() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let options = |file: &str| {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        leptos::config::get_config_from_str(&text).unwrap()
    };
    assert_eq!(format!("{:?}", options("Cargo.toml")), format!("{:?}", options(FILE)));
    let text = std::fs::read_to_string(root.join(FILE)).unwrap();
    read(&text, &[]).unwrap().check().unwrap();
}
