//! 1 test, which passes at its second try: it leaves a mark.

#[test]
fn opens() {
    let mark = std::env::temp_dir().join("shop-was-opened");
    if !mark.exists() {
        std::fs::write(mark, "").unwrap();
        panic!("the drawer is stuck");
    }
}
