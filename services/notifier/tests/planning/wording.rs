//! What people read of what sources and registry told: facts, parties and contacts go in, the
//! words of mails and SMS come out.

use jiff::civil::Date;
use lienminh_proto::obligation::v1 as pb;
use lienminh_proto::obligation::v1::{ObligationStatus, PartyState};
use lienminh_proto::registry::v1::Contact;
use lienminh_proto::r#type::v1::anchor::When;
use lienminh_proto::r#type::v1::{Anchor, Window};
use notifier::domain::letter::{OccurrenceLetter, PartyLetter};
use notifier::render::{Renderer, Sender};

use crate::bed::{Bed, changed, due_before, event, starts};
use crate::world::{mailbox, mobile, party};

/// What a delivery consists of before it is written out.
#[derive(serde::Deserialize)]
struct Kept {
    organisation: String,
    channel: String,
    day: Date,
    letter: OccurrenceLetter,
    party: PartyLetter,
}

const KEPT: &str = "
    select json_build_object(
               'organisation', d.organisation_name,
               'channel', d.channel,
               'day', (o.due_at at time zone interval '7 hours')::date,
               'letter', l.letter,
               'party', d.party)::text
    from delivery d
    join occurrence o on o.id = d.occurrence_id
    join occurrence_letter l on l.occurrence_id = o.id
    where d.channel <> 'none' and d.state in ('QUEUED', 'SENT')
    order by o.due_at, d.organisation_name, d.channel";

impl Kept {
    /// The words of the mail or the SMS.
    fn words(self, renderer: &Renderer) -> String {
        let prepared = renderer.prepare(self.letter, self.party.language, self.day);
        if self.channel == "sms" {
            return renderer.sms(&prepared, &self.party).unwrap().text;
        }
        renderer.email_text(&prepared, &self.party).unwrap().text
    }
}

/// To whom, by what, and the words, in the order in which they were due.
async fn written(bed: &Bed) -> Vec<(String, String)> {
    let sender = Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap();
    let renderer = Renderer::new(sender).unwrap();
    let kept = bed.lines(KEPT).await;
    let kept = kept
        .iter()
        .map(|text| serde_json::from_str::<Kept>(text).unwrap());
    kept.map(|each| {
        let whom = format!("{} {}", each.organisation, each.channel);
        (whom, each.words(&renderer))
    })
    .collect()
}

/// The words of the latest that went to somebody by a channel.
fn last<'w>(written: &'w [(String, String)], whom: &str) -> &'w str {
    let to = written.iter().rfind(|(to, _)| to == whom);
    to.map_or_else(
        || panic!("nothing to {whom}: {written:#?}"),
        |(_, text)| text,
    )
}

async fn concerns(bed: &Bed, fact: &pb::Obligation, parties: &[&str]) {
    let parties = parties
        .iter()
        .map(|name| party(name, PartyState::Concerned));
    let parties = parties.collect();
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(fact).await;
}

/// An invitation to A by mail, made known on Wednesday, 27 March 2024.
async fn invitation(start: &str) -> String {
    let bed = Bed::open("2024-03-27T09:00").await;
    let invited = bed.world.organisation("A", vec![mailbox("a@a.example")]);
    let fact = event("ceremony", starts(start), "2024-03-27T09:00");
    concerns(&bed, &fact, &[&invited]).await;
    last(&written(&bed).await, "A email").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_that_leaves_fewer_than_three_working_days_says_so() {
    const LATE: &str = "gửi sát ngày";
    let friday = invitation("2024-03-29T08:00").await;
    assert!(friday.contains(LATE), "{friday}");
    let monday = invitation("2024-04-01T08:00").await;
    assert!(!monday.contains(LATE), "{monday}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_issued_after_its_window_opened_asks_at_once_and_says_so() {
    const LATE: &str = "ban hành khi thời gian dự kiến đã bắt đầu";
    for (opens, late) in [(20, true), (30, false)] {
        let bed = Bed::open("2024-03-27T09:00").await;
        let lead = bed
            .world
            .organisation("Ban Tổ chức", vec![mailbox("ban@a.example")]);
        let date = |day| {
            let (year, month) = (2024, 3);
            Some(lienminh_proto::r#type::v1::Date { year, month, day })
        };
        let window = Window {
            text: "cuối tháng 3/2024".to_owned(),
            start: date(opens),
            end: date(31),
            ..Window::default()
        };
        let when = Some(When::Window(window));
        let mut fact = event("ceremony", Some(Anchor { when }), "2024-03-27T09:00");
        fact.lead_unit = lead;
        bed.tell(&fact).await;
        let asked = written(&bed).await;
        assert_eq!(asked.len(), 1, "at once: {asked:#?}");
        assert_eq!(asked[0].1.contains(LATE), late, "{}", asked[0].1);
    }
}

/// Bà Lan, who reads mails and has a mobile.
fn director() -> Contact {
    Contact {
        salutation: "Bà".to_owned(),
        person_name: "Nguyễn Thị Lan".to_owned(),
        phone: "+84590000001".to_owned(),
        phone_receives_sms: true,
        ..mailbox("lan@a.example")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_whom_the_registry_knows_is_greeted_in_mails_of_the_own_organisation_only() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let world = &bed.world;
    let own = world.organisation("HTX An Bình", vec![director()]);
    let unnamed = Contact {
        salutation: String::new(),
        ..director()
    };
    let unnamed = Contact {
        email: "ba@b.example".to_owned(),
        phone: "+84590000002".to_owned(),
        ..unnamed
    };
    let without = world.organisation("HTX Ba Sao", vec![unnamed]);
    let merged = world.organisation("HTX Cao Nguyên", Vec::new());
    world.change(&merged, |reach| {
        reach.effective_organisation = format!("organisations/{}", uuid::Uuid::now_v7());
        reach.contacts = vec![Contact {
            email: "lan@c.example".to_owned(),
            phone: "+84590000003".to_owned(),
            ..director()
        }];
    });
    // So near that mails and telephones are told.
    let fact = event("ceremony", starts("2024-03-27T20:00"), "2024-03-27T09:00");
    concerns(&bed, &fact, &[&own, &without, &merged]).await;
    let written = written(&bed).await;
    let greeting = last(&written, "HTX An Bình email");
    assert!(
        greeting.starts_with("Kính gửi Bà Nguyễn Thị Lan, Giám đốc HTX An Bình,"),
        "{greeting}"
    );
    for (whom, text) in &written {
        let named = text.contains("Lan,") || text.contains("Lan ");
        assert_eq!(named, whom == "HTX An Bình email", "{whom}: {text}");
    }
    let successor = last(&written, "HTX Cao Nguyên email");
    assert!(successor.starts_with("Kính gửi Quý HTX"), "{successor}");
    assert_eq!(written.len(), 6, "mail and SMS to each: {written:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_invited_for_the_same_day_hears_today_by_mail_and_by_sms() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let contacts = vec![mailbox("a@a.example"), mobile("+84590000001")];
    let invited = bed.world.organisation("A", contacts);
    let fact = event("meeting", starts("2024-03-27T14:00"), "2024-03-27T09:00");
    concerns(&bed, &fact, &[&invited]).await;
    assert_eq!(bed.rows().await, ["A: email QUEUED", "A: sms QUEUED"]);
    let written = written(&bed).await;
    let mail = last(&written, "A email");
    assert!(mail.contains("14 giờ 00, thứ Tư, 27/3/2024"), "{mail}");
    assert!(mail.contains("hôm nay"), "{mail}");
    let sms = last(&written, "A sms");
    assert!(sms.contains("14h00 T4 27/3 (hom nay)"), "{sms}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_of_a_claim_reaches_whoever_is_asked_to_confirm_it() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let office = bed.world.organisation("VP", vec![mailbox("vp@a.example")]);
    let claimant = bed.world.organisation("HTX An Bình", Vec::new());
    let mut fact = event(
        "claim_confirmation",
        due_before(2024, 4, 2),
        "2024-03-27T09:00",
    );
    fact.class = pb::ObligationClass::Care.into();
    fact.lead_unit.clone_from(&office);
    fact.attributes = [
        ("claimant", claimant.as_str()),
        ("contents", "Báo cáo tháng 3"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let mut asked = party(&office, PartyState::Concerned);
    let claimed = ("claimed_at".to_owned(), "thứ Ba, 26/3/2024".to_owned());
    asked.variables.extend([claimed]);
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), vec![asked]);
    bed.tell(&fact).await;
    let written = written(&bed).await;
    let mail = last(&written, "VP email");
    assert!(
        mail.contains("HTX An Bình báo vào thứ Ba, 26/3/2024 là đã gửi Báo cáo tháng 3"),
        "{mail}"
    );
}

/// A change of what people were told, and the reason that came with it.
struct Turn {
    anchor: Option<Anchor>,
    status: ObligationStatus,
    at: &'static str,
    reason: &'static str,
    sms: &'static str,
}

/// Moved, put off, given a new date, called off.
fn turns(moved: Option<Anchor>, again: Option<Anchor>) -> [Turn; 4] {
    use ObligationStatus as S;
    let turn = |anchor, status, at, reason, sms| Turn {
        anchor,
        status,
        at,
        reason,
        sms,
    };
    [
        turn(
            moved,
            S::Scheduled,
            "2024-04-01T09:00",
            "Trùng lịch họp tỉnh",
            "Ly do: Trung lich hop tinh.",
        ),
        turn(
            None,
            S::Postponed,
            "2024-04-02T09:00",
            "Chờ ý kiến UBND tỉnh",
            "Ly do: Cho y kien UBND tinh.",
        ),
        turn(
            again,
            S::Scheduled,
            "2024-04-03T09:00",
            "Đã có ý kiến UBND tỉnh",
            "Ly do: Da co y kien UBND tinh.",
        ),
        turn(
            None,
            S::Cancelled,
            "2024-04-04T09:00",
            "Mưa bão",
            "Ly do: Mua bao.",
        ),
    ]
}

/// Each change of a matter is told to a mailbox and to a telephone with its own reason.
async fn tells_why(mut fact: pb::Obligation, turns: [Turn; 4]) {
    let bed = Bed::open("2024-03-27T09:00").await;
    let mailed = bed.world.organisation("A", vec![mailbox("a@a.example")]);
    let called = bed.world.organisation("B", vec![mobile("+84590000002")]);
    fact.title = "Giao ban quý I".to_owned();
    concerns(&bed, &fact, &[&mailed, &called]).await;
    bed.accept_all().await;
    for turn in turns {
        bed.to(turn.at).await;
        let before = written(&bed).await.len();
        fact = changed(&fact, turn.anchor, turn.status, turn.at);
        let reason = ("reason".to_owned(), turn.reason.to_owned());
        fact.attributes.extend([reason]);
        bed.tell(&fact).await;
        bed.to(&turn.at.replace("09:00", "10:00")).await;
        let written = written(&bed).await;
        assert_eq!(written.len(), before + 2, "{}: {written:#?}", turn.reason);
        let mail = last(&written, "A email");
        let why = format!("Lý do: {}", turn.reason);
        assert!(mail.contains(&why), "{why}: {mail}");
        let sms = last(&written, "B sms");
        assert!(sms.contains(turn.sms), "{}: {sms}", turn.sms);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_of_each_change_of_an_event_reaches_mails_and_telephones() {
    let fact = event("ceremony", starts("2024-05-16T08:00"), "2024-03-27T09:00");
    let (moved, again) = (starts("2024-05-23T08:00"), starts("2024-05-24T08:00"));
    tells_why(fact, turns(moved, again)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_of_each_change_of_a_report_reaches_mails_and_telephones() {
    let fact = pb::Obligation {
        class: pb::ObligationClass::Care.into(),
        subject: "deadlines/1".to_owned(),
        // The first reminder goes out a week before.
        ..event("report", due_before(2024, 4, 5), "2024-03-27T09:00")
    };
    let (moved, again) = (due_before(2024, 4, 19), due_before(2024, 4, 22));
    tells_why(fact, turns(moved, again)).await;
}
