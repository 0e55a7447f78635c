//! `millrace new`: a scenario or a crate to start from.

use std::path::Path;

use crate::support::{Folder, TestResult};

#[test]
fn a_starter_is_written_and_run_and_accepted() -> TestResult {
    let folder = Folder::with(&[])?;
    let said = folder.millrace("new shop/blue_and_green")?.said(0);
    assert_eq!(
        said,
        "wrote scenarios/shop/blue_and_green.toml\n  \
           see what it prints:  millrace run scenarios/shop/blue_and_green.toml\n  \
           accept that:         millrace test --bless scenarios/shop/blue_and_green.toml\n  \
           let an editor complete and check it: millrace schema > scenarios/.schema.json, and write at its top:\n    \
             #:schema ../.schema.json\n\
         wrote snapshots/.gitattributes, by which git keeps the line ends of snapshots\n"
    );
    let text = folder.read("scenarios/shop/blue_and_green.toml")?;
    assert!(text.contains("title = \"blue and green\"\n"), "{text}");
    let printed = folder.millrace("run --quiet --pipeline stateless scenarios")?;
    assert!(printed.printed().contains("('blue', 2)\n('green', 1)\n"));
    let accepted = folder.millrace("test --bless scenarios/shop/blue_and_green.toml")?;
    assert!(accepted.said(0).ends_with("3 accepted\n"));
    assert!(
        folder
            .millrace("test scenarios")?
            .said(0)
            .ends_with("3 same\n")
    );
    Ok(())
}

#[test]
fn an_editor_finds_the_schema_that_is_there() -> TestResult {
    let folder = Folder::with(&[("scenarios/.schema.json", "{}\n")])?;
    for (name, line) in [
        ("top", "#:schema ./.schema.json\n"),
        ("shop/orders/late", "#:schema ../../.schema.json\n"),
    ] {
        folder.millrace(&format!("new {name}"))?.said(0);
        let text = folder.read(&format!("scenarios/{name}.toml"))?;
        assert!(text.starts_with(line), "{text}");
    }
    Ok(())
}

#[test]
fn a_name_with_an_ending_is_a_path() -> TestResult {
    let folder = Folder::with(&[])?;
    let said = folder.millrace("new here.toml")?.said(0);
    assert!(
        said.contains(
            "millrace schema > .schema.json, and write at its top:\n    #:schema ./.schema.json\n"
        ),
        "{said}"
    );
    assert!(folder.read("here.toml")?.contains("title = \"here\"\n"));
    folder.millrace("new a\"b\\c.toml")?.said(0);
    folder.millrace("run -q a\"b\\c.toml")?.printed();
    Ok(())
}

#[test]
fn git_is_asked_to_keep_the_line_ends_of_snapshots_once() -> TestResult {
    let folder = Folder::with(&[])?;
    folder.millrace("new mine")?.said(0);
    let attributes = folder.read("snapshots/.gitattributes")?;
    assert!(
        attributes.ends_with("\n*.snap text eol=lf\n"),
        "{attributes}"
    );
    let said = folder.millrace("new yours")?.said(0);
    assert!(!said.contains(".gitattributes"), "{said}");
    folder.millrace("test --bless")?.said(0);

    let attributes = "# mine\n*.snap -text\n";
    let folder = Folder::with(&[(".gitattributes", attributes)])?;
    folder.millrace("new mine")?.said(0);
    assert!(!folder.path("snapshots").exists());
    assert_eq!(folder.read(".gitattributes")?, attributes);
    Ok(())
}

#[test]
fn the_folder_may_be_named_too() -> TestResult {
    let folder = Folder::with(&[])?;
    folder.millrace("new scenarios/mine")?.said(0);
    assert!(folder.path("scenarios/mine.toml").exists());
    Ok(())
}

#[test]
fn a_file_that_is_there_is_not_overwritten() -> TestResult {
    let folder = Folder::with(&[("scenarios/mine.toml", "# mine\n")])?;
    assert_eq!(
        folder.millrace("new mine")?.said(2),
        "error: scenarios/mine.toml is there already, and nothing is overwritten; name another file\n"
    );
    assert_eq!(folder.read("scenarios/mine.toml")?, "# mine\n");
    Ok(())
}

#[test]
fn a_name_that_is_none_writes_nothing() -> TestResult {
    let folder = Folder::with(&[])?;
    for name in [
        "../up",
        "/",
        "a//b",
        "a/",
        ".toml",
        "blue.txt",
        "blue:green",
    ] {
        let said = folder.millrace(&format!("new {name}"))?.said(2);
        let expected = format!("error: `{name}` is no name for a scenario; ");
        assert!(said.starts_with(&expected), "{said}");
    }
    assert_eq!(folder.path("").read_dir()?.count(), 0);
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_made_is_reported() -> TestResult {
    let folder = Folder::with(&[("scenarios", "a file\n")])?;
    let said = folder.millrace("new mine")?.said(2);
    assert!(
        said.starts_with("error: failed to write scenarios\n  because: "),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_crate_is_written_with_its_scenario_and_snapshots() -> TestResult {
    let folder = Folder::with(&[])?;
    let said = folder.millrace("new --crate shop-visits")?.said(0);
    assert!(
        said.starts_with(
            "wrote shop-visits: a program, its tests, a scenario and its snapshots\n  \
             test it:  cd shop-visits && cargo test\n  \
             its Cargo.toml takes millrace from /"
        ),
        "{said}"
    );
    let manifest = folder.read("shop-visits/Cargo.toml")?;
    assert!(manifest.contains("name = \"shop-visits\"\n"), "{manifest}");
    let (_, path) = manifest.split_once("path = \"").ok_or("no path")?;
    let library = Path::new(path.split('"').next().unwrap_or_default());
    assert!(library.join("src/lib.rs").is_file(), "{manifest}");
    let tests = folder.read("shop-visits/tests/scenarios.rs")?;
    assert!(tests.contains("use shop_visits::"), "{tests}");
    assert!(
        folder
            .path("shop-visits/snapshots/visits/slow_pages.snap")
            .is_file()
    );
    assert!(folder.path("shop-visits/.gitattributes").is_file());
    let scenario = folder.read("shop-visits/scenarios/visits.toml")?;
    assert!(
        scenario.starts_with("#:schema ./.schema.json\n"),
        "{scenario}"
    );
    assert_eq!(
        folder.read("shop-visits/scenarios/.schema.json")?,
        folder.millrace("schema")?.printed()
    );
    let listed = folder
        .millrace("test --list shop-visits/scenarios")?
        .printed();
    assert_eq!(listed, "visits/slow_pages\nvisits/visits_of_users\n");
    // Nothing of the writing is left beside it.
    assert_eq!(folder.path("").read_dir()?.count(), 1);
    Ok(())
}

#[test]
fn a_folder_that_is_there_gets_no_crate() -> TestResult {
    let folder = Folder::with(&[("mine/notes.txt", "mine\n")])?;
    assert_eq!(
        folder.millrace("new --crate mine")?.said(2),
        "error: mine is there already, and nothing is overwritten; name another crate\n"
    );
    assert_eq!(folder.path("mine").read_dir()?.count(), 1);
    Ok(())
}

#[test]
fn a_name_that_no_crate_can_have_writes_nothing() -> TestResult {
    let folder = Folder::with(&[])?;
    for name in [
        "../up",
        "a/b",
        "7up",
        "blue.toml",
        "blue:green",
        "fn",
        "std",
        "millrace",
    ] {
        let said = folder.millrace(&format!("new --crate {name}"))?.said(2);
        let expected = format!("error: `{name}` is no name for a crate; ");
        assert!(said.starts_with(&expected), "{said}");
    }
    assert_eq!(folder.path("").read_dir()?.count(), 0);
    Ok(())
}
