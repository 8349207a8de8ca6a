#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn key(owner: Id<()>) -> OwnerKey {
    Vault::new(&[3; 32]).unwrap().new_owner_key(owner).unwrap().0
}

#[test]
fn what_is_sealed_opens_to_the_same_text() {
    let (owner, row) = (new_id::<()>().unwrap(), new_id::<()>().unwrap());
    let key = key(owner);
    for text in ["", "a", "no place to sleep tonight", &"é".repeat(5000)] {
        assert_eq!(
            key.open(Column::MessageBody, row, &key.seal(Column::MessageBody, row, text).unwrap()).unwrap(),
            text
        );
    }
}

#[test]
fn a_sealed_value_does_not_open_in_another_column_row_or_for_another_owner() {
    let (owner, row) = (new_id::<()>().unwrap(), new_id::<()>().unwrap());
    let vault = Vault::new(&[3; 32]).unwrap();
    let (key, wrapped) = vault.new_owner_key(owner).unwrap();
    let sealed = key.seal(Column::PlanWant, row, "a flat of my own").unwrap();
    assert!(key.open(Column::PlanNow, row, &sealed).is_err());
    assert!(key.open(Column::PlanWant, new_id::<()>().unwrap(), &sealed).is_err());
    assert!(vault.new_owner_key(owner).unwrap().0.open(Column::PlanWant, row, &sealed).is_err());
    assert!(vault.owner_key(new_id::<()>().unwrap(), &wrapped).is_err());
    assert!(Vault::new(&[4; 32]).unwrap().owner_key(owner, &wrapped).is_err());
    assert!(vault.owner_key(owner, &wrapped).unwrap().open(Column::PlanWant, row, &sealed).is_ok());
}

#[test]
fn the_length_of_a_sealed_text_says_little() {
    let (owner, row) = (new_id::<()>().unwrap(), new_id::<()>().unwrap());
    let key = key(owner);
    let length = |text: &str| key.seal(Column::MessageBody, row, text).unwrap().len();
    assert_eq!(length("yes"), length("no, and I would rather not say why"));
}

#[test]
fn a_key_file_open_to_others_is_refused_and_one_is_never_overwritten() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    assert!(Vault::from_file(&path).unwrap_err().to_string().contains("portal key new"));
    Vault::new_key_file(&path).unwrap();
    assert!(Vault::from_file(&path).is_ok());
    assert!(Vault::new_key_file(&path).is_err());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Vault::from_file(&path).unwrap_err().to_string().contains("chmod 600"));
}

proptest! {
    #[test]
    fn any_change_to_a_sealed_value_is_noticed(at in 0usize..200, bit in 0u8..8) {
        let (owner, row) = (new_id::<()>().unwrap(), new_id::<()>().unwrap());
        let key = key(owner);
        let mut sealed = key.seal(Column::MessageBody, row, "meet me at four").unwrap();
        let at = at % sealed.len();
        sealed[at] ^= 1 << bit;
        prop_assert!(key.open(Column::MessageBody, row, &sealed).is_err());
        sealed.truncate(at);
        prop_assert!(key.open(Column::MessageBody, row, &sealed).is_err());
    }
}
