//! Whom a roster names.

use super::*;
use crate::domain::position::Position;

#[test]
fn rows_with_one_code_are_one_organisation_with_several_contacts() {
    let rows = [
        person(
            raw(2, "A", "Hợp tác xã An"),
            "Giám đốc",
            "Lê Văn An",
            "0590000001",
        ),
        person(
            raw(3, "A", "Hợp tác xã An"),
            "Kế toán",
            "Trần Thị Bình",
            "0590000002",
        ),
        person(
            raw(4, "B", "Hợp tác xã Ban Mai"),
            "Văn phòng",
            "",
            "02613541234",
        ),
    ];
    let plan = run(&rows, Known::default(), Mode::GoodRows);
    assert_eq!(
        outcomes(&plan),
        [Outcome::Created, Outcome::Updated, Outcome::Created]
    );
    assert_eq!((plan.created.len(), plan.contacts_created.len()), (2, 3));
    assert_eq!(plan.reports[0].organisation, plan.reports[1].organisation);
}

#[test]
fn case_21_a_person_with_a_new_number_is_updated_not_doubled() {
    let row = |phone| person(raw(2, "A", "Hợp tác xã An"), "Giám đốc", "Lê Văn An", phone);
    let known = written(&run(&[row("0590000001")], Known::default(), Mode::GoodRows));
    let plan = run(&[row("0590000009")], known, Mode::GoodRows);
    assert_eq!(outcomes(&plan), [Outcome::Updated]);
    assert!(plan.contacts_created.is_empty() && plan.updated.is_empty());
    let contact = &plan.contacts_updated[0];
    assert_eq!(
        (contact.version, contact.details.position),
        (2, Position::Director)
    );
    assert_eq!(
        contact.details.phone.as_ref().unwrap().e164(),
        "+84590000009"
    );
}

fn of_an(position: &str, name: &str) -> RawRow {
    person(raw(2, "A", "Hợp tác xã An"), position, name, "0590000001")
}

/// What is known after rows were written, with every contact that changed.
fn after(rows: &[RawRow], known: &Known) -> (Plan, Known) {
    let plan = run(rows, known.clone(), Mode::GoodRows);
    let mut next = known.clone();
    for changed in plan.contacts_updated.iter().chain(&plan.contacts_created) {
        next.contacts.retain(|contact| contact.id != changed.id);
        next.contacts.push(changed.clone());
    }
    next.organisations.extend(plan.created.clone());
    (plan, next)
}

fn standing(known: &Known) -> Vec<&str> {
    let standing = known.contacts.iter().filter(|contact| contact.stands());
    let mut names: Vec<&str> = standing
        .map(|contact| contact.details.person_name.as_str())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn a_second_roster_with_a_new_director_ends_the_term_of_the_old_one() {
    let (_, known) = after(&[of_an("Giám đốc", "Lê Văn An")], &Known::default());
    let (plan, known) = after(&[of_an("Giám đốc", "Trần Thị Bình")], &known);
    assert_eq!(outcomes(&plan), [Outcome::Updated]);
    assert_eq!(fields(&plan.reports[0]), ["person_name"]);
    assert_eq!(standing(&known), ["Trần Thị Bình"]);
    let old = &plan.contacts_updated[0];
    assert_eq!(
        (old.version, old.details.person_name.as_str()),
        (2, "Lê Văn An")
    );
    let (again, _) = after(&[of_an("Giám đốc", "Trần Thị Bình")], &known);
    assert_eq!(outcomes(&again), [Outcome::Unchanged]);
}

#[test]
fn a_group_with_a_new_leader_and_a_unit_with_a_new_head_are_written_to_them() {
    for (kind, name, position) in [
        ("THT", "Tổ hợp tác An", "Tổ trưởng"),
        ("Ban", "Phòng Kế hoạch", "Trưởng phòng"),
    ] {
        let of = |holder| RawRow {
            kind: kind.to_owned(),
            ..person(raw(2, "A", name), position, holder, "")
        };
        let (_, known) = after(&[of("Lê Văn An")], &Known::default());
        let (_, known) = after(&[of("Trần Thị Bình")], &known);
        assert_eq!(standing(&known), ["Trần Thị Bình"], "{position}");
    }
}

#[test]
fn a_holder_whom_the_file_names_as_well_keeps_the_position() {
    let (_, known) = after(&[of_an("Giám đốc", "Lê Văn An")], &Known::default());
    let both = [
        of_an("Giám đốc", "Trần Thị Bình"),
        of_an("Giám đốc", "LÊ VĂN AN"),
    ];
    let (plan, known) = after(&both, &known);
    assert_eq!(standing(&known), ["Lê Văn An", "Trần Thị Bình"]);
    assert!(plan.contacts_updated.is_empty());
    assert!(plan.reports.iter().all(|report| report.remarks.is_empty()));
}

#[test]
fn accountants_supervisors_and_offices_are_added_and_end_nobodys_term() {
    for position in ["Kế toán", "Kiểm soát viên", "Cán bộ phụ trách"] {
        let (_, known) = after(&[of_an(position, "Lê Văn An")], &Known::default());
        let (plan, known) = after(&[of_an(position, "Trần Thị Bình")], &known);
        assert_eq!(standing(&known).len(), 2, "{position}");
        assert!(plan.reports[0].remarks.is_empty());
    }
    let (_, known) = after(&[of_an("Giám đốc", "Lê Văn An")], &Known::default());
    let (_, known) = after(&[of_an("Giám đốc", "")], &known);
    assert_eq!(standing(&known), ["", "Lê Văn An"], "nobody is named");
    let (_, known) = after(&[of_an("Giám đốc", "Trần Thị Bình")], &known);
    assert_eq!(standing(&known), ["Trần Thị Bình"]);
}

#[test]
fn a_roster_of_another_body_adds_a_holder_and_says_that_there_are_two() {
    let taxed = |row| RawRow {
        tax_code: TAX_CODE.to_owned(),
        ..row
    };
    let (_, known) = after(&[taxed(of_an("Giám đốc", "Lê Văn An"))], &Known::default());
    let other = RawRow {
        roster_code: "QUY-9".to_owned(),
        ..taxed(of_an("Giám đốc", "Trần Thị Bình"))
    };
    let (plan, known) = after(&[other], &known);
    assert_eq!(standing(&known), ["Lê Văn An", "Trần Thị Bình"]);
    assert_eq!(fields(&plan.reports[0]), ["roster_code", "person_name"]);
}

#[test]
fn who_comes_back_takes_up_the_old_term_with_what_was_refused() {
    let (_, mut known) = after(&[of_an("Giám đốc", "Lê Văn An")], &Known::default());
    known.contacts[0].details.do_not_contact = true;
    let (_, known) = after(&[of_an("Giám đốc", "Trần Thị Bình")], &known);
    let (plan, known) = after(&[of_an("Giám đốc", "Lê Văn An")], &known);
    assert_eq!(standing(&known), ["Lê Văn An"]);
    assert!(plan.contacts_created.is_empty());
    let back = known.contacts.iter().find(|contact| contact.stands());
    assert!(back.unwrap().details.do_not_contact);
    assert_eq!(fields(&plan.reports[0]), ["person_name", "person_name"]);
}

#[test]
fn those_who_left_make_room_for_others() {
    let rows: Vec<RawRow> = (0..50)
        .map(|number| of_an("Kế toán", &format!("Người {number}")))
        .collect();
    let (_, mut known) = after(&rows, &Known::default());
    let (full, _) = after(&[of_an("Kế toán", "Người mới")], &known);
    assert_eq!(fields(&full.reports[0]), ["person_name"]);
    assert!(full.contacts_created.is_empty());
    let entered = known.contacts[0].created_at;
    known.contacts[0].end(entered);
    let (plan, _) = after(&[of_an("Kế toán", "Người mới")], &known);
    assert_eq!(plan.contacts_created.len(), 1);
}
