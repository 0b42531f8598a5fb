//! Rows that wait for a person.

use super::*;
use crate::domain::organisation::Kind;

/// Says yes to everything that a plan waits for.
fn yes_to(plan: &Plan) -> Confirmed {
    let waiting = plan.reports.iter().flat_map(|report| &report.confirmation);
    let typed: Vec<String> = waiting.map(|each| each.as_str().to_owned()).collect();
    Confirmed::read(&typed)
}

#[test]
fn a_new_name_under_a_known_code_waits_for_a_person_and_is_taken_with_a_remark() {
    let known = run(
        &[raw(2, "A", "Hợp tác xã An")],
        Known::default(),
        Mode::GoodRows,
    );
    let rows = [raw(2, "A", "Hợp tác xã An Bình")];
    let waits = run(&rows, written(&known), Mode::GoodRows);
    assert_eq!(outcomes(&waits), [Outcome::Waiting]);
    assert_eq!(fields(&waits.reports[0]), ["display_name"]);
    assert!(waits.updated.is_empty());
    let yes = yes_to(&waits);
    let plan = run_with(&rows, written(&known), Mode::GoodRows, &yes);
    assert_eq!(outcomes(&plan), [Outcome::Updated]);
    assert_eq!(fields(&plan.reports[0]), ["display_name"]);
    assert_eq!(plan.updated[0].details.short_name, "HTX An Bình");
    let other = [raw(2, "A", "Hợp tác xã An Khang")];
    let again = run_with(&other, written(&known), Mode::GoodRows, &yes);
    assert_eq!(outcomes(&again), [Outcome::Waiting], "another name");
    let after = run_with(&rows, renamed_meanwhile(&known), Mode::GoodRows, &yes);
    assert_eq!(outcomes(&after), [Outcome::Waiting], "another state");
}

/// What the registry knows when an officer was faster.
fn renamed_meanwhile(known: &Plan) -> Known {
    let mut known = written(known);
    known.organisations[0].details.display_name = "Hợp tác xã Khác".to_owned();
    known.organisations[0].version += 1;
    known
}

#[test]
fn nobody_of_a_newcomer_lands_in_an_organisation_that_waits_for_a_person() {
    let known = run(
        &[raw(2, "A", "Hợp tác xã Cũ")],
        Known::default(),
        Mode::GoodRows,
    );
    let newcomer = |row| person(row, "Giám đốc", "Lê Văn An", "0590000001");
    let nameless = RawRow {
        display_name: String::new(),
        ..raw(3, "A", "")
    };
    let rows = [
        newcomer(raw(2, "A", "Hợp tác xã Mới")),
        newcomer(nameless.clone()),
    ];
    let plan = run(&rows, written(&known), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Waiting, Outcome::Waiting]);
    assert!(plan.contacts_created.is_empty());
    assert_eq!(
        plan.reports[0].confirmation, plan.reports[1].confirmation,
        "one yes is enough"
    );
    // A row that says no name hides none that a later one says.
    let rows = [nameless, newcomer(raw(3, "A", "Hợp tác xã Mới"))];
    let plan = run(&rows, written(&known), Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Unchanged, Outcome::Waiting]);
    assert!(plan.contacts_created.is_empty());
}

#[test]
fn a_code_that_a_member_wrote_waits_for_a_person_who_confirms_it_for_good() {
    let first = RawRow {
        tax_code: TAX_CODE.to_owned(),
        ..raw(2, "A", "Hợp tác xã An")
    };
    let mut known = written(&run(
        std::slice::from_ref(&first),
        Known::default(),
        Mode::GoodRows,
    ));
    known.organisations[0].codes_by_member = true;
    let by_tax_code = RawRow {
        roster_code: String::new(),
        ..first.clone()
    };
    let other_roster = RawRow {
        roster_code: "X-9".to_owned(),
        ..first.clone()
    };
    let child = RawRow {
        parent_code: "A".to_owned(),
        ..raw(3, "C", "Hợp tác xã Con")
    };
    for (row, field) in [
        (first, "roster_code"),
        (by_tax_code, "tax_code"),
        (other_roster, "tax_code"),
        (child, "parent_code"),
    ] {
        let rows = [row];
        let plan = run(&rows, known.clone(), Mode::GoodRows);
        assert_eq!(outcomes(&plan), [Outcome::Waiting], "{field}");
        assert_eq!(fields(&plan.reports[0]), [field]);
        assert!(plan.created.is_empty() && plan.updated.is_empty());
        let plan = run_with(&rows, known.clone(), Mode::AllOrNothing, &yes_to(&plan));
        assert!(!plan.is_held_up(), "{field}");
        assert!(!plan.updated[0].codes_by_member, "{field}");
    }
}

#[test]
fn one_waiting_row_and_nothing_is_written_when_so_asked() {
    let known = run(
        &[raw(2, "A", "Hợp tác xã An")],
        Known::default(),
        Mode::GoodRows,
    );
    let rows = [
        raw(2, "B", "Hợp tác xã Ba"),
        raw(3, "A", "Hợp tác xã An Bình"),
    ];
    let plan = run(&rows, written(&known), Mode::AllOrNothing);
    assert_eq!(outcomes(&plan), [Outcome::Unchanged, Outcome::Waiting]);
    assert!(plan.created.is_empty());
}

#[test]
fn a_group_that_became_a_cooperative_keeps_its_identity() {
    let group = RawRow {
        kind: "THT".to_owned(),
        ..raw(2, "A", "Tổ hợp tác An")
    };
    let known = run(&[group], Known::default(), Mode::GoodRows);
    let rows = [raw(2, "A", "Hợp tác xã An")];
    let waits = run(&rows, written(&known), Mode::GoodRows);
    assert_eq!(fields(&waits.reports[0]), ["display_name", "kind"]);
    let yes = yes_to(&waits);
    let plan = run_with(&rows, written(&known), Mode::GoodRows, &yes);
    assert_eq!(plan.updated[0].id, known.created[0].id);
    assert_eq!(plan.updated[0].details.kind, Kind::Cooperative);
    assert_eq!(fields(&plan.reports[0]), ["display_name", "kind"]);
}
