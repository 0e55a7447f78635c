//! The reference, as it is committed beside the tests: a new word shows in the diff.

#[test]
fn reference() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("reference", scenario::reference()));
}
