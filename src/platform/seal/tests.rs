use std::process::Command;

use chrono::DateTime;

use super::*;
use crate::platform::typeset;

fn told() -> Told<'static> {
    let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    Told { at, reason: "Both sides have signed", mark: "nda:0192d0d0-0000-7000-8000-000000000001" }
}

fn page() -> Vec<u8> {
    let source = "#set document(title: \"A page\")\nHello, #json(\"data.json\").name.";
    typeset::pdf(source, &serde_json::json!({ "name": "Zoë" }), &[], told().at).unwrap()
}

/// What poppler's `pdfsig` says of a file.
fn pdfsig(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.pdf");
    std::fs::write(&path, pdf).unwrap();
    let said = Command::new("pdfsig").arg("-nocert").arg(&path).output().expect("bin/setup installs poppler-utils");
    String::from_utf8_lossy(&said.stdout).into_owned()
}

#[tokio::test]
async fn a_sealed_pdf_is_intact_and_altered_after_one_flipped_byte_as_others_see_it() {
    let seal = Seal::for_tests();
    let mut sealed = seal.apply(&page(), told()).await.unwrap();
    let said = pdfsig(&sealed);
    assert!(said.contains("Signature is Valid"), "{said}");
    assert!(said.contains("ETSI.CAdES.detached") && said.contains("Total document signed"), "{said}");
    assert!(said.contains("Pitchey document seal"), "{said}");

    let middle = find_stream(&sealed);
    sealed[middle] ^= 1;
    let said = pdfsig(&sealed);
    assert!(said.contains("Digest Mismatch"), "{said}");
}

/// Somewhere inside a stream, well before the signature.
fn find_stream(pdf: &[u8]) -> usize {
    memchr::memmem::find(pdf, b"stream\n").unwrap() + 20
}

#[tokio::test]
async fn words_of_people_that_look_like_a_signature_do_not_get_in_its_way() {
    let room = format!("/ByteRange[0 9999999999 9999999999 9999999999]/Contents<{}>", "0".repeat(2 * pdf::ROOM));
    for title in ["Salt /ByteRange", "Salt /ByteRange]", &room] {
        let source = "#let title = json(\"data.json\").title\n#set document(title: title)\nHello";
        let page = typeset::pdf(source, &serde_json::json!({ "title": title }), &[], told().at).unwrap();
        let sealed = Seal::for_tests().apply(&page, told()).await.unwrap();
        let said = pdfsig(&sealed);
        assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{title}: {said}");
    }
}

#[tokio::test]
async fn the_same_document_gets_the_same_seal() {
    let seal = Seal::for_tests();
    assert_eq!(seal.apply(&page(), told()).await.unwrap(), seal.apply(&page(), told()).await.unwrap());
    assert_ne!(seal.apply(&page(), told()).await.unwrap(), Seal::for_tests().apply(&page(), told()).await.unwrap());
}

#[test]
fn a_key_comes_back_from_its_pem_with_the_same_certificate() {
    let pem = new_key().unwrap();
    let (once, again) = (Seal::read(&pem).unwrap(), Seal::read(&pem).unwrap());
    assert_eq!(once.known, again.known);
    let with_certificate = Seal::read(&format!("{pem}{}", once.certificate_pem().unwrap())).unwrap();
    assert_eq!(with_certificate.known, once.known);
}

#[tokio::test]
async fn the_seals_of_a_retired_key_are_still_ours() {
    let old = Seal::for_tests();
    let sealed = old.apply(&page(), told()).await.unwrap();
    let new = Seal::read(&format!("{}{}", new_key().unwrap(), old.certificate_pem().unwrap())).unwrap();
    assert!(new.is_in(&sealed));
    assert!(!Seal::for_tests().is_in(&sealed));
}

#[tokio::test]
async fn a_sealed_file_says_what_it_is_in_more_than_one_place() {
    let sealed = Seal::for_tests().apply(&page(), told()).await.unwrap();
    assert_eq!(marks(&sealed).into_iter().collect::<Vec<_>>(), [told().mark]);
    assert!(memchr::memmem::find_iter(&sealed, b"pitchey:").count() > 1);
    assert!(marks(b"nothing of ours").is_empty());
}

#[test]
fn what_is_no_key_is_refused() {
    for wrong in ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
        assert!(Seal::read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_development_key_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seal.pem");
    assert_eq!(development_key(&path).unwrap(), development_key(&path).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A time-stamp authority: openssl behind an HTTP port, with a key of its own.
async fn authority(folder: &Path) -> String {
    let openssl = |arguments: &[&str]| {
        let done = Command::new("openssl").current_dir(folder).args(arguments).output().expect("openssl");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let settings = "[tsa]\ndefault_tsa = t\n[t]\nserial = ./serial\nsigner_cert = ./tsa.crt\nsigner_key = ./tsa.key\n\
                    signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = sha256\n";
    std::fs::write(folder.join("tsa.cnf"), settings).unwrap();
    let subject = ["-subj", "/CN=Test time", "-addext", "extendedKeyUsage=critical,timeStamping"];
    let made =
        ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.crt", "-days", "30"];
    openssl(&[&made[..], &subject[..]].concat());

    let home = folder.to_owned();
    let answer = axum::routing::post(async move |question: axum::body::Bytes| {
        std::fs::write(home.join("question"), &question).unwrap();
        let arguments = ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "question", "-out", "answer"];
        let done = Command::new("openssl").current_dir(&home).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        std::fs::read(home.join("answer")).unwrap()
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/", answer)).await });
    address
}

#[tokio::test]
async fn an_authority_says_when_and_the_seal_stays_whole() {
    let folder = tempfile::tempdir().unwrap();
    let address = authority(folder.path()).await;
    let seal = Seal { authority: Some(Authority::new(&address).unwrap()), ..Seal::for_tests() };
    let sealed = seal.apply(&page(), told()).await.unwrap();
    let said = pdfsig(&sealed);
    assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{said}");
    // The token's content type, in the signature's hexadecimal.
    assert!(memchr::memmem::find(&sealed, b"060b2a864886f70d0109100104").is_some());
}

#[tokio::test]
async fn an_authority_that_is_gone_or_answers_something_else_makes_no_seal() {
    let nobody = Authority::new("http://127.0.0.1:1/").unwrap();
    let seal = Seal { authority: Some(nobody), ..Seal::for_tests() };
    assert!(seal.apply(&page(), told()).await.is_err());

    // The answer to another question, word for word.
    let folder = tempfile::tempdir().unwrap();
    let address = authority(folder.path()).await;
    Authority::new(&address).unwrap().token(b"one").await.unwrap();
    let old = std::fs::read(folder.path().join("answer")).unwrap();
    let replay = axum::Router::new().route("/", axum::routing::post(async move || old.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, replay).await });
    assert!(Authority::new(&address).unwrap().token(b"one").await.is_err());
}
