//! Files.
#[derive(Clone, Debug)]
pub struct Storage;
impl Storage {
    pub async fn is_available(&self) -> bool {
        true
    }
}
