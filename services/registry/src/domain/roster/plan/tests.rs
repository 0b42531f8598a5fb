#![allow(clippy::unwrap_used)]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::membership::MembershipState;
use crate::domain::organisation::Status;
use crate::domain::roster::{Confirmed, RawRow, read};

mod people;
mod waiting;

const TAX_CODE: &str = "0100233488";

fn raw(line: i32, code: &str, name: &str) -> RawRow {
    RawRow {
        line,
        roster_code: code.to_owned(),
        kind: "HTX".to_owned(),
        display_name: name.to_owned(),
        ..RawRow::default()
    }
}

fn person(row: RawRow, position: &str, name: &str, phone: &str) -> RawRow {
    RawRow {
        position: position.to_owned(),
        person_name: name.to_owned(),
        phone: phone.to_owned(),
        ..row
    }
}

fn judge(rows: &[RawRow]) -> Vec<Result<Row, Report>> {
    rows.iter()
        .map(|raw| {
            read(raw, date(2024, 2, 27)).map_err(|remarks| Report::refused(raw.line, remarks))
        })
        .collect()
}

fn run(rows: &[RawRow], known: Known, mode: Mode) -> Plan {
    run_with(rows, known, mode, &Confirmed::default())
}

fn run_with(rows: &[RawRow], known: Known, mode: Mode, confirmed: &Confirmed) -> Plan {
    let now = "2024-02-27T01:00:00Z".parse().unwrap();
    plan(judge(rows), known, mode, confirmed, now, &mut Uuid::now_v7)
}

/// What the registry knows after a plan was written.
fn written(plan: &Plan) -> Known {
    Known {
        organisations: plan.created.iter().chain(&plan.updated).cloned().collect(),
        contacts: plan
            .contacts_created
            .iter()
            .chain(&plan.contacts_updated)
            .cloned()
            .collect(),
    }
}

fn outcomes(plan: &Plan) -> Vec<Outcome> {
    plan.reports.iter().map(|report| report.outcome).collect()
}

fn fields(report: &Report) -> Vec<&str> {
    report
        .remarks
        .iter()
        .map(|remark| remark.field.as_str())
        .collect()
}

#[test]
fn the_same_roster_twice_changes_nothing() {
    let rows = [
        RawRow {
            membership: "chính thức".to_owned(),
            advert_consent: "có".to_owned(),
            ..person(
                raw(2, "A", "Hợp tác xã An"),
                "Giám đốc",
                "Lê Văn An",
                "0590000001",
            )
        },
        RawRow {
            parent_code: "A".to_owned(),
            ..raw(3, "B", "Hợp tác xã Ban Mai")
        },
    ];
    let first = run(&rows, Known::default(), Mode::GoodRows);
    assert_eq!((first.consents.len(), first.admitted.len()), (1, 1));
    let second = run(&rows, written(&first), Mode::GoodRows);
    assert_eq!(outcomes(&second), [Outcome::Unchanged, Outcome::Unchanged]);
    assert!(
        second.updated.is_empty()
            && second.contacts_updated.is_empty()
            && second.consents.is_empty()
    );
}

#[test]
fn two_rosters_that_agree_on_tax_code_and_name_speak_of_one_organisation() {
    let first = RawRow {
        tax_code: TAX_CODE.to_owned(),
        ..raw(2, "A", "Hợp tác xã Bình Minh")
    };
    let other = person(
        RawRow {
            tax_code: TAX_CODE.to_owned(),
            address: "Thôn 1".to_owned(),
            ..raw(3, "X-9", "HTX BÌNH MINH")
        },
        "Kế toán",
        "Trần Thị Bình",
        "0590000002",
    );
    let plan = run(&[first, other], Known::default(), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Created, Outcome::Updated]);
    assert_eq!(fields(&plan.reports[1]), ["roster_code"]);
    let only = &plan.created[0].details;
    assert_eq!(
        (only.roster_code.as_deref(), only.address.as_str()),
        (Some("A"), "Thôn 1")
    );
    assert_eq!(only.display_name, "Hợp tác xã Bình Minh");
}

#[test]
fn a_tax_code_under_another_name_and_code_is_refused() {
    let first = RawRow {
        tax_code: TAX_CODE.to_owned(),
        ..raw(2, "A", "Hợp tác xã Bình Minh")
    };
    let clash = RawRow {
        tax_code: TAX_CODE.to_owned(),
        ..raw(3, "X-9", "Hợp tác xã Sao Mai")
    };
    let plan = run(&[first, clash], Known::default(), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Created, Outcome::Refused]);
    assert_eq!(fields(&plan.reports[1]), ["tax_code"]);
    assert!(
        plan.reports[1].remarks[0]
            .sentence
            .vi
            .contains("Hợp tác xã Bình Minh")
    );
}

#[test]
fn an_organisation_is_recognised_by_its_tax_code_and_takes_over_the_roster_code() {
    let known = run(
        &[RawRow {
            tax_code: TAX_CODE.to_owned(),
            roster_code: String::new(),
            ..raw(2, "", "Hợp tác xã Bình Minh")
        }],
        Known::default(),
        Mode::GoodRows,
    );
    let again = RawRow {
        tax_code: TAX_CODE.to_owned(),
        ..raw(2, "A", "Hợp tác xã Bình Minh")
    };
    let plan = run(&[again], written(&known), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Updated]);
    assert_eq!(plan.updated[0].details.roster_code.as_deref(), Some("A"));
    assert_eq!(plan.updated[0].version, 2);
}

#[test]
fn a_known_tax_code_is_never_replaced_by_another() {
    let known = run(
        &[RawRow {
            tax_code: TAX_CODE.to_owned(),
            ..raw(2, "A", "Hợp tác xã Bình Minh")
        }],
        Known::default(),
        Mode::GoodRows,
    );
    let row = RawRow {
        tax_code: "0312687878".to_owned(),
        ..raw(2, "A", "Hợp tác xã Bình Minh")
    };
    let plan = run(&[row], written(&known), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Refused]);
    assert_eq!(fields(&plan.reports[0]), ["tax_code"]);
}

#[test]
fn an_empty_cell_clears_nothing_and_a_later_row_does_not_contradict_the_first() {
    let known = run(
        &[RawRow {
            address: "Thôn 1".to_owned(),
            ..raw(2, "A", "Hợp tác xã An")
        }],
        Known::default(),
        Mode::GoodRows,
    );
    let rows = [
        raw(2, "A", "Hợp tác xã An"),
        RawRow {
            address: "Thôn 9".to_owned(),
            ..raw(3, "A", "Hợp tác xã Khác")
        },
    ];
    let plan = run(&rows, written(&known), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Unchanged, Outcome::Unchanged]);
    assert_eq!(fields(&plan.reports[1]), ["display_name"]);
}

#[test]
fn one_bad_row_and_nothing_is_written_when_so_asked() {
    let rows = [
        raw(2, "A", "Hợp tác xã An"),
        raw(3, "B", ""),
        raw(4, "C", "Hợp tác xã Cư Jút"),
    ];
    let all = run(&rows, Known::default(), Mode::AllOrNothing);
    assert!(all.created.is_empty() && all.contacts_created.is_empty());
    assert_eq!(
        outcomes(&all),
        [Outcome::Unchanged, Outcome::Refused, Outcome::Unchanged]
    );
    assert_eq!(fields(&all.reports[1]), ["display_name"]);
    let good = run(&rows, Known::default(), Mode::GoodRows);
    assert_eq!(good.created.len(), 2);
}

#[test]
fn a_parent_may_be_described_after_its_child_but_must_be_known() {
    let child = RawRow {
        parent_code: "LM".to_owned(),
        kind: "Ban".to_owned(),
        ..raw(2, "B1", "Ban Chính sách")
    };
    let parent = RawRow {
        kind: "LM".to_owned(),
        ..raw(3, "LM", "Liên minh Hợp tác xã tỉnh")
    };
    let plan = run(&[child.clone(), parent], Known::default(), Mode::GoodRows);
    assert_eq!(plan.created[0].details.parent, Some(plan.created[1].id));
    let alone = run(&[child], Known::default(), Mode::GoodRows);
    assert_eq!(fields(&alone.reports[0]), ["parent_code"]);
    let own = RawRow {
        parent_code: "A".to_owned(),
        ..raw(2, "A", "Hợp tác xã An")
    };
    assert_eq!(
        outcomes(&run(&[own], Known::default(), Mode::GoodRows)),
        [Outcome::Refused]
    );
}

#[test]
fn units_of_the_alliance_do_not_become_members() {
    let unit = RawRow {
        kind: "Ban".to_owned(),
        membership: "chính thức".to_owned(),
        ..raw(2, "B1", "Ban Chính sách")
    };
    let plan = run(&[unit], Known::default(), Mode::GoodRows);
    assert_eq!(fields(&plan.reports[0]), ["membership"]);
}

#[test]
fn a_roster_does_not_bring_back_who_has_left() {
    let row = RawRow {
        membership: "chính thức".to_owned(),
        ..raw(2, "A", "Hợp tác xã An")
    };
    let mut known = written(&run(
        std::slice::from_ref(&row),
        Known::default(),
        Mode::GoodRows,
    ));
    known.organisations[0].membership.as_mut().unwrap().state = MembershipState::Withdrawn;
    let plan = run(&[row], known, Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Unchanged]);
    assert_eq!(fields(&plan.reports[0]), ["membership"]);
    assert!(plan.admitted.is_empty());
}

#[test]
fn case_22_a_merged_organisation_takes_no_rows() {
    let mut known = written(&run(
        &[raw(2, "A", "Hợp tác xã An")],
        Known::default(),
        Mode::GoodRows,
    ));
    known.organisations[0].details.status = Status::Merged;
    let plan = run(&[raw(2, "A", "Hợp tác xã An")], known, Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Refused]);
}

proptest! {
    #[test]
    fn every_row_is_reported_once_in_order_and_codes_stay_unique(
        cells in prop::collection::vec((0_u8..4, 0_u8..4, 0_u8..3, 0_u8..3), 1..20)
    ) {
        let names = ["Hợp tác xã An", "HTX AN", "Hợp tác xã Bình", ""];
        let codes = ["", "A", "B", "C"];
        let tax_codes = ["", TAX_CODE, "0312687878"];
        let people = ["", "Lê Văn An", "Trần Thị Bình"];
        let rows: Vec<RawRow> = cells
            .iter()
            .zip(2..)
            .map(|(&(name, code, tax_code, who), line)| RawRow {
                tax_code: tax_codes[usize::from(tax_code)].to_owned(),
                ..person(raw(line, codes[usize::from(code)], names[usize::from(name)]), "Giám đốc", people[usize::from(who)], "")
            })
            .collect();
        let first = run(&rows, Known::default(), Mode::GoodRows);
        let lines: Vec<i32> = first.reports.iter().map(|report| report.line).collect();
        prop_assert_eq!(lines, rows.iter().map(|row| row.line).collect::<Vec<_>>());
        let mut codes: Vec<_> = first.created.iter().filter_map(|each| each.details.roster_code.clone()).collect();
        codes.sort();
        let count = codes.len();
        codes.dedup();
        prop_assert_eq!(codes.len(), count);
        for report in &first.reports {
            prop_assert_eq!(report.outcome.is_open(), report.organisation.is_none());
            prop_assert!(!report.outcome.is_open() || !report.remarks.is_empty());
        }
        let nothing = run(&rows, Known::default(), Mode::AllOrNothing);
        prop_assert_eq!(nothing.created.is_empty(), first.is_held_up());
    }
}
