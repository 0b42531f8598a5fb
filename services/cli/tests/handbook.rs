//! Each command that the handbook tells is one that the command line understands.
#![allow(clippy::unwrap_used)]

use std::ffi::OsString;

/// Words as a shell parts them, with double quotes.
fn words(line: &str) -> Vec<OsString> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for sign in line.chars() {
        match sign {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(sign),
        }
    }
    words.retain(|word| !word.is_empty());
    words.into_iter().map(OsString::from).collect()
}

fn told(page: &str) -> Vec<String> {
    let quoted = page.split('`').skip(1).step_by(2);
    let typed = page
        .lines()
        .filter_map(|line| line.trim().strip_prefix("$ "));
    let typed = typed.filter_map(|line| line.split('#').next());
    let commands = quoted.chain(typed).map(str::trim);
    let ours = commands.filter(|line| line.starts_with("lienminh ") && !line.contains('\n'));
    ours.map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_handbook_is_understood() {
    let pages = [
        include_str!("../../../docs/command.md"),
        include_str!("../../../README.md"),
        include_str!("../../../README.vi.md"),
    ];
    let told: Vec<String> = pages.into_iter().flat_map(told).collect();
    assert!(told.len() > 40, "{told:#?}");
    for line in told {
        let asks_for_help = line.contains("--help");
        let understood = lienminh_cli::understand(words(&line)).is_ok();
        assert!(understood || asks_for_help, "{line}");
    }
}
