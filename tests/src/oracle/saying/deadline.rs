//! What is said of what is due.

use jiff::civil::Date;

use super::words::{day, day_sms, figures};
use super::{House, Reader, own_name, reason, soon};
use crate::oracle::matter::Standing;
use crate::oracle::story::{Chapter, Genre, Story, When};
use crate::reader::{Asks, Must, Saying};

pub(super) fn deadline(
    saying: &mut Saying,
    story: &Story,
    reader: Reader<'_>,
    house: House<'_>,
    (present, former): (&Chapter, Option<&Chapter>),
) {
    let When::Until { last, before } = present.when else {
        return;
    };
    if reader.step == "correction" {
        changed(saying, story.genre, last, present, former);
    }
    if matches!(present.standing, Standing::Postponed | Standing::Cancelled) {
        return;
    }
    let facts = &story.facts;
    saying.day = Some(last);
    saying.past.push(last);
    saying.days.push(last);
    if before {
        saying.days.extend(last.tomorrow());
    }
    saying
        .must
        .push(Must::of("until when", &day(last), &day_sms(last)));
    // Whoever notes the day of the subject notes the last one to act.
    if story.genre != Genre::Claim {
        let named = format!("{}/{}", figures(last), last.year());
        saying.subject.push(named);
    }
    if last < reader.at.date() {
        saying.must.push(Must::mail("that it is late", "đến nay"));
        saying.must.push(Must::mail("that it is late", "chưa"));
        saying
            .never
            .extend(["chậm nhất", "cần hoàn t"].map(str::to_owned));
        if matches!(story.genre, Genre::Report | Genre::Supplement) {
            let asked = Must::of("what to do", "trong thời gian sớm nhất", "De nghi");
            saying.must.push(asked);
        }
    } else if story.genre != Genre::Disbursement || reader.organisation == story.lead {
        // Money that is planned does not count down like a promise.
        soon(saying, last, reader.at);
    }
    let lines = facts.lines.iter();
    saying
        .must
        .extend(lines.map(|line| Must::mail("what it holds", line)));
    saying.quoted.extend(facts.lines.clone());
    saying.must.push(Must::mail("where to", &facts.submit_to));
    if story.genre == Genre::Report && !facts.submit_to.is_empty() {
        let seat = Must::of("where to", "", &format!(", gui ve {}", facts.submit_to));
        saying.where_it_fits.push(seat);
    }
    saying.asks = match story.genre {
        Genre::Report => Asks::CodeAndPage,
        Genre::Claim => Asks::Code,
        Genre::Event
        | Genre::Task
        | Genre::Admission
        | Genre::Step
        | Genre::Supplement
        | Genre::Disbursement => Asks::Nothing,
    };
    support(saying, story, reader, house);
}

/// What held before, why it changed, and that it did.
fn changed(
    saying: &mut Saying,
    genre: Genre,
    last: Date,
    present: &Chapter,
    former: Option<&Chapter>,
) {
    reason(saying, present);
    let former_standing = former.map(|former| former.standing);
    let words: &[(&str, &str)] = match (present.standing, former_standing) {
        (Standing::Postponed, _) => &[
            ("tạm hoãn", "TAM HOAN"),
            ("chưa có hạn mới", "CHUA CO HAN MOI"),
        ],
        (Standing::Cancelled, _) => &[
            ("hủy", "HUY "),
            if genre == Genre::Report {
                ("không cần gửi", "khong can gui")
            } else {
                ("không cần thực hiện", "khong can thuc hien")
            },
        ],
        (_, Some(Standing::Postponed)) => &[
            ("có hạn mới", "CO HAN MOI"),
            ("trước đây được tạm hoãn", ""),
        ],
        (_, _) => &[("thay đổi thời hạn", "CHUYEN SANG")],
    };
    let words = words.iter();
    let words = words.map(|(mail, sms)| Must::of("what changed", mail, sms));
    saying.must.extend(words);
    let Some(When::Until { last: old, .. }) = former.map(|former| former.when) else {
        return;
    };
    saying.days.push(old);
    saying.past.push(old);
    // Who had been told that there is no date needs but the new one.
    if former_standing == Some(Standing::Postponed) {
        return;
    }
    saying.subject.push(day(old));
    saying
        .must
        .push(Must::of("the old limit", &day(old), &day_sms(old)));
    if present.standing == Standing::Scheduled {
        let mail = format!("từ {} sang {}", day(old), day(last));
        let sms = format!("CHUYEN SANG {}", day_sms(last));
        saying.must.push(Must::of("from when to when", &mail, &sms));
        let sms = format!("truoc la {}", day_sms(old));
        saying
            .must
            .push(Must::of("which is the old limit", "", &sms));
    }
}

/// What is said of applications, admissions and claims.
fn support(saying: &mut Saying, story: &Story, reader: Reader<'_>, house: House<'_>) {
    let facts = &story.facts;
    let whole = house.roster.display_name(&facts.party);
    let party = own_name(whole);
    saying.must.push(Must::mail("for whom", party));
    if facts.party == reader.organisation {
        // It is spoken to, not about.
        let third = ["cho", "của"].map(|word| format!("{word} {whole}"));
        saying.never.extend(third);
        saying.never.push("Xin nhắc".to_owned());
        if story.genre == Genre::Disbursement {
            saying.must.push(Must::of("for whom", "", "của Quý"));
        }
    } else if matches!(story.genre, Genre::Disbursement | Genre::Step) {
        saying.must.push(Must::of("for whom", "", party));
    }
    if story.genre == Genre::Claim {
        claim(saying, story, whole);
    }
    saying
        .must
        .push(Must::mail("which programme", &facts.programme));
    saying
        .must
        .push(Must::mail("which decision", &facts.decision));
    saying.must.push(Must::mail("how much", &facts.amount));
    saying.must.push(Must::both("which step", &facts.step));
    if !facts.missing.is_empty() && saying.day.is_some_and(|last| last >= reader.at.date()) {
        let number = format!("{} giay to", facts.missing.len());
        saying.must.push(Must::of("how many papers", "", &number));
    }
    let missing = facts.missing.iter();
    saying
        .must
        .extend(missing.map(|paper| Must::mail("which papers", paper)));
    saying
        .quoted
        .extend([facts.programme.clone(), facts.decision.clone()]);
    saying.quoted.extend(facts.missing.clone());
    let lead = house.roster.display_name(&story.lead);
    let hands_in = reader.organisation != story.lead
        && matches!(story.genre, Genre::Supplement | Genre::Admission);
    if hands_in {
        let place = format!("Nơi nhận: {lead}");
        saying.must.push(Must::mail("where to", &place));
        saying.never.push("trình quyết định".to_owned());
    }
    if hands_in && story.genre == Genre::Admission {
        saying.must.push(Must::both("what to do", "nộp"));
    }
}

/// What was claimed by whom and when, and how it is confirmed.
fn claim(saying: &mut Saying, story: &Story, claimant: &str) {
    if let Some((at, _)) = story.chapters.first() {
        let claimed = day(at.date());
        saying.past.push(at.date());
        let words = format!("vào {claimed}");
        saying.must.push(Must::mail("when it was claimed", &words));
    }
    let report = &story.facts.title;
    let command = format!("lienminh deadline received \"{report}\" \"{claimant}\"");
    saying.must.push(Must::mail("how to confirm", &command));
    saying.must.push(Must::of("who claims", "", claimant));
    saying.subject.push(claimant.to_owned());
}
