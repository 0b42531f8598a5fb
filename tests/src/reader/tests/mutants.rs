//! Each way in which letters went wrong once, done to every letter that ships: the reader finds
//! all of them.

use jiff::ToSpan;
use notifier::render::sources;

use super::rendered::{RENDERER, Scene, Staged};
use super::scenes::all;
use super::specimens::Specimen;

fn specimens() -> Vec<(String, Specimen)> {
    let of = |scene: Scene| {
        let [mail, sms] = scene.specimens();
        [
            (format!("{}, mail", scene.name), mail),
            (format!("{}, SMS", scene.name), sms),
        ]
    };
    all().into_iter().flat_map(of).collect()
}

#[test]
fn every_letter_that_ships_is_read_without_a_fault() {
    for (name, specimen) in specimens() {
        let faults = specimen.faults();
        let words = &specimen.message.text;
        assert!(faults.is_empty(), "{name}: {faults:#?}\n{words}");
    }
}

/// A way to spoil a message; `None` where it has nothing to spoil so.
type Way = fn(&Specimen) -> Option<Specimen>;

/// Other words for some, if these are there.
fn instead(specimen: &Specimen, right: &str, wrong: &str) -> Option<Specimen> {
    let edited = specimen.edited(right, wrong);
    (!right.is_empty() && edited.message.text != specimen.message.text).then_some(edited)
}

/// Words at the end of the first paragraph or of the SMS.
fn ending(specimen: &Specimen, words: &str) -> Option<Specimen> {
    let text = &specimen.message.text;
    let body = text.find(",\n\n").map_or(0, |at| at + 3);
    let stop = body + text[body..].find(['.', ':'])?;
    let mut edited = specimen.clone();
    edited.message.text.insert_str(stop, words);
    Some(edited)
}

fn day_over(specimen: &Specimen) -> Option<Specimen> {
    let last = specimen
        .saying
        .day
        .or(specimen.saying.days.first().copied())?;
    let over = last.checked_sub(70.days()).unwrap();
    let sms = vietnam::dates::day_and_month;
    if specimen.message.is_sms {
        instead(specimen, &sms(last), &sms(over))
    } else {
        let long = vietnam::dates::with_weekday;
        instead(specimen, &long(last), &long(over))
    }
}

fn other_hour(specimen: &Specimen) -> Option<Specimen> {
    let (hour, minute) = *specimen.saying.hours.first()?;
    let right = [
        format!("{hour:02} giờ {minute:02}"),
        format!("{hour:02}h{minute:02}"),
    ];
    let wrong = ["09 giờ 15", "09h15"];
    let pairs = right.iter().zip(wrong);
    pairs
        .into_iter()
        .find_map(|(right, wrong)| instead(specimen, right, wrong))
}

fn without_reason(specimen: &Specimen) -> Option<Specimen> {
    instead(specimen, "Lãnh đạo tỉnh bận công tác đột xuất", "")
        .or_else(|| instead(specimen, " Ly do: Lanh dao tinh ban cong tac dot xuat.", ""))
}

fn without_contact(specimen: &Specimen) -> Option<Specimen> {
    instead(specimen, "0261 3000 002", "")
        .or_else(|| instead(specimen, "0261 3000 001", ""))
        .or_else(|| instead(specimen, "02613000002", ""))
}

fn without_code(specimen: &Specimen) -> Option<Specimen> {
    instead(specimen, "482719", "")
}

fn another_kind(specimen: &Specimen) -> Option<Specimen> {
    let sms = specimen.message.is_sms;
    for (right, wrong) in [
        ("đã được hủy", "được tạm hoãn"),
        ("HUY ", "TAM HOAN "),
        ("tạm hoãn và", "hoãn hoặc hủy và"),
        ("TAM HOAN", "CHUYEN SANG"),
        ("tiếp đoàn", "có mặt đúng giờ"),
    ] {
        if let Some(edited) = instead(specimen, right, wrong) {
            return Some(edited);
        }
    }
    let words = if sms {
        " CHUYEN SANG"
    } else {
        " xin thông báo thay đổi"
    };
    let corrects = [
        "thay đổi",
        "ngày mới",
        "hạn mới",
        "CHUYEN SANG",
        "NGAY MOI",
        "HAN MOI",
    ];
    let text = &specimen.message.text;
    let tells = corrects.iter().any(|word| text.contains(word));
    if tells { None } else { ending(specimen, words) }
}

fn without_a_value(specimen: &Specimen) -> Option<Specimen> {
    let text = &specimen.message.text;
    let is_fact = |line: &&str| line.contains(": ") && !line.ends_with(['.', ':']);
    let line = text.lines().find(is_fact)?;
    let (label, value) = line.split_once(": ")?;
    let body = text.replace(value, "");
    let mut edited = specimen.clone();
    edited.message.text = body.replace(&format!("{label}: \n"), &format!("{label}:\n"));
    Some(edited)
}

const WAYS: [(&str, Way); 16] = [
    ("a day that is over", day_over),
    ("an hour of another time", other_hour),
    ("no reason", without_reason),
    ("nobody to call", without_contact),
    ("no code", without_code),
    ("another kind", another_kind),
    ("a label without a value", without_a_value),
    ("a phrase that hangs", |s| {
        ending(s, if s.message.is_sms { " tai" } else { " theo" })
    }),
    ("a comma that hangs", |s| ending(s, ",")),
    ("an open bracket", |s| {
        ending(
            s,
            if s.message.is_sms {
                " (hop cum"
            } else {
                " (họp cụm"
            },
        )
    }),
    ("a closed bracket", |s| ending(s, ")")),
    ("empty brackets", |s| ending(s, " ()")),
    ("words of a template", |s| ending(s, " {{ when }}")),
    ("a name for machines", |s| ending(s, " organisations/0190")),
    ("an advice to ignore it", |s| {
        ending(
            s,
            if s.message.is_sms {
                "; xin bo qua"
            } else {
                "; xin bỏ qua tin này"
            },
        )
    }),
    ("overdue", |s| {
        ending(
            s,
            if s.message.is_sms {
                " da qua han"
            } else {
                " đã quá hạn"
            },
        )
    }),
];

#[test]
fn each_way_to_spoil_a_letter_that_ships_is_found() {
    let specimens = specimens();
    for (way, spoil) in WAYS {
        let mut spoiled = 0;
        for (name, specimen) in &specimens {
            let Some(wrong) = spoil(specimen) else {
                continue;
            };
            spoiled += 1;
            let words = &wrong.message.text;
            assert!(!wrong.faults().is_empty(), "{way}, {name}:\n{words}");
        }
        assert!(spoiled > 3, "{way}: {spoiled}");
    }
}

#[test]
fn a_letter_that_ships_without_one_of_its_facts_is_found() {
    for (name, specimen) in specimens() {
        for fact in specimen.facts() {
            let without = specimen.edited(&fact, "");
            let changed = without.message.text != specimen.message.text;
            // An SMS writes some facts in short.
            let found = !without.faults().is_empty() || specimen.message.is_sms && !changed;
            assert!(found, "{name} without {fact}:\n{}", without.message.text);
        }
    }
}

/// What can be taken out of the source of a template: a value, a line of facts, a list or a
/// button, a part.
fn pieces(source: &str) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    for (from, until) in [("{{", "}}"), ("{% include", "%}")] {
        for (at, _) in source.match_indices(from) {
            let end = source[at..].find(until).unwrap();
            pieces.push(at..at + end + until.len());
        }
    }
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if ["| ", "- ", "=> "]
            .iter()
            .any(|sign| line.starts_with(sign))
        {
            pieces.push(at..at + line.len());
        }
        at += line.len();
    }
    pieces
}

/// A template without one piece.
struct Mutant {
    name: &'static str,
    source: String,
    lost: String,
}

impl Mutant {
    /// Each of the Vietnamese templates without each of its pieces.
    fn all() -> impl Iterator<Item = Self> {
        let vietnamese = sources().filter(|(name, _)| !name.contains("/en/"));
        vietnamese.flat_map(|(name, source)| {
            pieces(source).into_iter().map(move |piece| Self {
                name,
                source: format!("{}{}", &source[..piece.start], &source[piece.end..]),
                lost: source[piece].trim().to_owned(),
            })
        })
    }

    fn concerns(&self, staged: &Staged) -> bool {
        let folder = self.name.split('/').next().unwrap();
        folder == "parts" || folder == staged.kind.template()
    }

    fn is_sms(&self) -> bool {
        self.name.contains("sms")
    }
}

/// What no reader misses, and why.
const SAID_ELSEWHERE: [(&str, &str); 14] = [
    // The house stands at the head and under the letter.
    ("parts/mail.html", "{{ organiser.name }}"),
    // The sentence says when; the end stands there, where one is known.
    ("event_redated/mail", "| Thời gian | {{ when_full }}"),
    ("event_redated/mail", "{{ when_full }}"),
    // The sentence says from where to where, and until when.
    ("event_place_changed/mail", "{{ place }}"),
    (
        "event_place_changed/mail",
        "| {% if online_moved %}Địa điểm{% else %}Địa điểm mới{% endif %} | {{ place }}",
    ),
    ("deadline_moved/mail", "{{ deadline }}"),
    ("deadline_moved/mail", "| Thời hạn mới | {{ deadline }}"),
    // The place has not changed since the invitation.
    ("event_moved/sms", "{% include \"parts/sms_place\" %}"),
    ("event_redated/sms", "{% include \"parts/sms_place\" %}"),
    // The list itself says how many.
    ("call_list/subject", "{{ unreached }}"),
    ("call_list/sms", "{{ unreached }}"),
    // Whoever holds the telephone knows who it is.
    ("invitation/sms", "{{ you_sms }}"),
    ("report_reminder/sms", "{{ you_sms }}"),
    ("deadline_cancelled/sms", "{{ you_sms }}"),
];

/// What becomes of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// No letter says anything else.
    Silent,
    /// The first letter that says something else is found wrong.
    Noticed,
    Unnoticed,
}

fn fate(mutant: &Mutant, stage: &[Staged]) -> Fate {
    let Ok(renderer) = RENDERER.with(mutant.name, &mutant.source) else {
        return Fate::Silent;
    };
    let part = usize::from(mutant.is_sms());
    let mut fate = Fate::Silent;
    for staged in stage.iter().filter(|staged| mutant.concerns(staged)) {
        let right = &staged.right[part];
        let wrong = right.with(staged.message(&renderer, &right.message));
        if wrong.says_the_same(right) {
            continue;
        }
        if !wrong.faults().is_empty() {
            return Fate::Noticed;
        }
        fate = Fate::Unnoticed;
    }
    fate
}

#[test]
fn what_a_template_loses_is_missed_by_the_reader() {
    let stage: Vec<_> = all().iter().map(Scene::staged).collect();
    let fates: Vec<_> = Mutant::all()
        .map(|mutant| (fate(&mutant, &stage), (mutant.name, mutant.lost)))
        .collect();
    let of = |wanted| fates.iter().filter(move |(fate, _)| *fate == wanted);
    let noticed = of(Fate::Noticed).count();
    assert!(noticed > 200, "{noticed} of {}", fates.len());
    let known = SAID_ELSEWHERE.map(|(name, lost)| (name, lost.to_owned()));
    let unnoticed: Vec<_> = of(Fate::Unnoticed)
        .filter(|(_, lost)| !known.contains(lost))
        .collect();
    assert!(
        unnoticed.is_empty(),
        "{noticed} noticed, and not {unnoticed:#?}"
    );
}
