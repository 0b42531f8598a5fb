//! What people name, found: an organisation by roster code or name, a matter by the name that
//! `timeline` prints or by words of its title.

use std::collections::BTreeMap;

use anyhow::bail;
use lienminh_proto::events::v1::{
    Deadline, Event, EventState, GetDeadlineRequest, GetEventRequest, ListTimelineRequest,
    TimelineEntry,
};
use lienminh_proto::registry::v1::{
    GetOrganisationRequest, Organisation, SearchOrganisationsRequest,
};
use vietnam::text::{excerpt, fold};

use crate::connect::{Clients, PAGE, every};
use crate::language::phrase;
use crate::load::Directory;
use crate::proto_values::anchor_in_words;

/// As many candidates are told as fit on a screen.
const TOLD: usize = 8;

/// "Hợp tác xã An Bình (M1)".
pub(super) fn label(organisation: &Organisation) -> String {
    match organisation.roster_code.as_str() {
        "" => organisation.display_name.clone(),
        code => format!("{} ({code})", organisation.display_name),
    }
}

/// The label behind a resource name, by a directory that was read before.
pub(super) fn label_in(directory: &Directory, name: &str) -> String {
    let found = directory.named(name);
    found.map_or_else(|| name.to_owned(), label)
}

/// The label behind a resource name; the name itself where this caller may not read it.
pub(super) async fn label_of(clients: &Clients, name: &str) -> String {
    known_label(clients, name)
        .await
        .unwrap_or_else(|| name.to_owned())
}

/// The label behind a resource name, where this caller may read it.
pub(super) async fn known_label(clients: &Clients, name: &str) -> Option<String> {
    let found = read(clients, name).await.ok()?;
    Some(label(&found))
}

/// Organisations behind resource names, each asked for once.
#[derive(Default)]
pub(super) struct Known(BTreeMap<String, Option<Organisation>>);

impl Known {
    /// None where this caller may not read it.
    pub(super) async fn of(&mut self, clients: &Clients, name: &str) -> Option<&Organisation> {
        if !self.0.contains_key(name) {
            let found = read(clients, name).await.ok();
            self.0.insert(name.to_owned(), found);
        }
        self.0.get(name)?.as_ref()
    }
}

async fn read(clients: &Clients, name: &str) -> Result<Organisation, tonic::Status> {
    let name = name.to_owned();
    let request = GetOrganisationRequest { name };
    let answer = clients.organisations().get_organisation(request).await?;
    Ok(answer.into_inner())
}

/// An event as it is.
pub(super) async fn read_event(clients: &Clients, name: String) -> Result<Event, tonic::Status> {
    get_event(clients, name, false).await
}

/// Whether this is an event that was not announced yet, by its own name or that of its obligation.
pub(super) async fn is_draft(clients: &Clients, wanted: &str) -> Result<bool, tonic::Status> {
    let Some(event) = subject_of(wanted).filter(|name| name.starts_with(What::Event.prefix()))
    else {
        return Ok(false);
    };
    let event = read_event(clients, event).await?;
    Ok(event.state() == EventState::Draft)
}

/// An event as it may be printed today.
pub(super) async fn printed_event(clients: &Clients, name: String) -> Result<Event, tonic::Status> {
    get_event(clients, name, true).await
}

async fn get_event(
    clients: &Clients,
    name: String,
    as_printed: bool,
) -> Result<Event, tonic::Status> {
    let request = GetEventRequest { name, as_printed };
    Ok(clients.events().get_event(request).await?.into_inner())
}

/// A deadline as it is.
pub(super) async fn read_deadline(
    clients: &Clients,
    name: String,
) -> Result<Deadline, tonic::Status> {
    get_deadline(clients, name, false).await
}

/// A deadline as it may be printed.
pub(super) async fn printed_deadline(
    clients: &Clients,
    name: String,
) -> Result<Deadline, tonic::Status> {
    get_deadline(clients, name, true).await
}

async fn get_deadline(
    clients: &Clients,
    name: String,
    as_printed: bool,
) -> Result<Deadline, tonic::Status> {
    let request = GetDeadlineRequest { name, as_printed };
    Ok(clients
        .deadlines()
        .get_deadline(request)
        .await?
        .into_inner())
}

/// The organisation that is meant.
pub(super) async fn organisation(clients: &Clients, wanted: &str) -> anyhow::Result<Organisation> {
    if wanted.starts_with("organisations/") {
        return Ok(read(clients, wanted).await?);
    }
    let found = search(clients, wanted).await?;
    let same_code = |each: &&Organisation| each.roster_code.eq_ignore_ascii_case(wanted);
    if let Some(exact) = found.iter().find(same_code) {
        return Ok(exact.clone());
    }
    let same_name = |each: &&Organisation| fold(&each.display_name) == fold(wanted);
    let exact: Vec<&Organisation> = found.iter().filter(same_name).collect();
    let shown = excerpt(wanted);
    match (exact.as_slice(), found.as_slice()) {
        ([only], _) => Ok((*only).clone()),
        ([], [only]) => Ok(only.clone()),
        (_, []) => bail!(phrase!(
            "không có đơn vị nào khớp “{shown}”; tìm bằng: lienminh organisation search TỪ",
            "no organisation fits \"{shown}\"; look with: lienminh organisation search WORDS"
        )),
        (_, many) => {
            let told = list(many.iter().map(label));
            bail!(phrase!(
                "“{shown}” khớp nhiều đơn vị, hãy ghi mã đơn vị:{told}",
                "\"{shown}\" fits several organisations, give the roster code:{told}"
            ))
        }
    }
}

/// The first results; a page may hold few of them and others still follow.
pub(super) async fn search(
    clients: &Clients,
    query: &str,
) -> Result<Vec<Organisation>, tonic::Status> {
    const ENOUGH: usize = 50;
    let mut request = SearchOrganisationsRequest {
        query: query.to_owned(),
        ..Default::default()
    };
    let mut found = Vec::new();
    while found.len() < ENOUGH {
        let mut organisations = clients.organisations();
        let answer = organisations.search_organisations(request.clone()).await?;
        let page = answer.into_inner();
        found.extend(page.organisations);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    Ok(found)
}

/// Resource names of several organisations.
pub(super) async fn organisations(
    clients: &Clients,
    wanted: &[String],
) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for each in wanted {
        names.push(organisation(clients, each).await?.name);
    }
    Ok(names)
}

/// Those named, and those that a flag chooses.
pub(super) async fn chosen(
    clients: &Clients,
    named: &[String],
    members: bool,
    clusters: &[String],
) -> anyhow::Result<Vec<String>> {
    let mut names = organisations(clients, named).await?;
    if members || !clusters.is_empty() {
        let directory = Directory::read(clients).await?;
        if let Some(why) = clusters
            .iter()
            .find_map(|each| directory.unknown_cluster(each))
        {
            bail!(why);
        }
        let selection = crate::files::plan::Selection {
            members,
            clusters: clusters.to_vec(),
            organisations: Vec::new(),
        };
        names.extend(directory.select(&selection).unwrap_or_default());
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// What a matter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Event,
    Deadline,
}

impl What {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Event => "events/",
            Self::Deadline => "deadlines/",
        }
    }
}

/// The event that is meant.
pub(super) async fn event(clients: &Clients, wanted: &str) -> anyhow::Result<String> {
    subject(clients, wanted, Some(What::Event)).await
}

/// The deadline that is meant.
pub(super) async fn deadline(clients: &Clients, wanted: &str) -> anyhow::Result<String> {
    subject(clients, wanted, Some(What::Deadline)).await
}

/// The event or deadline that is meant, of one kind where one is asked for.
pub(super) async fn subject(
    clients: &Clients,
    wanted: &str,
    what: Option<What>,
) -> anyhow::Result<String> {
    if let Some(named) = subject_of(wanted) {
        return match what {
            Some(what) if !named.starts_with(what.prefix()) => bail!(other_kind(&named)),
            Some(_) | None => Ok(named),
        };
    }
    let mut entries = timeline(clients, ListTimelineRequest::default()).await?;
    entries.retain(|entry| what.is_none_or(|what| entry.subject.starts_with(what.prefix())));
    let found = best(entries, wanted);
    let shown = excerpt(wanted);
    match found.as_slice() {
        [only] => Ok(only.subject.clone()),
        [] => bail!(phrase!(
            "không có việc nào khớp “{shown}”; xem tên bằng: lienminh timeline",
            "nothing fits \"{shown}\"; see the names with: lienminh timeline"
        )),
        many => {
            let told = list(many.iter().map(|entry| {
                let when = anchor_in_words(entry.anchor.as_ref());
                format!("{} ({when})  {}", entry.title, entry.subject)
            }));
            bail!(phrase!(
                "“{shown}” khớp nhiều việc, hãy ghi rõ hơn hoặc ghi tên ở cuối dòng:{told}",
                "\"{shown}\" fits several, say more or give the name at the end of the line:{told}"
            ))
        }
    }
}

fn other_kind(named: &str) -> String {
    if named.starts_with(What::Deadline.prefix()) {
        phrase!(
            "{named} là một thời hạn: dùng lienminh deadline",
            "{named} is a deadline: use lienminh deadline"
        )
    } else {
        phrase!(
            "{named} là một hoạt động: dùng lienminh event",
            "{named} is an event: use lienminh event"
        )
    }
}

/// `events/{uuid}` or `deadlines/{uuid}`, also from the name of the obligation.
fn subject_of(wanted: &str) -> Option<String> {
    if let Some(local) = wanted.strip_prefix("events/obligations/") {
        let (kind, id) = local.split_once('-')?;
        return Some(format!("{kind}s/{id}"));
    }
    let named = wanted.starts_with("events/") || wanted.starts_with("deadlines/");
    named.then(|| wanted.to_owned())
}

/// The obligation that is meant: of an event, of a deadline, or named as such by its service.
pub(super) async fn obligation(clients: &Clients, wanted: &str) -> anyhow::Result<String> {
    if wanted.contains("/obligations/") {
        return Ok(wanted.to_owned());
    }
    let subject = subject(clients, wanted, None).await?;
    Ok(obligation_of(&subject))
}

/// The name of the obligation that an event or a deadline is.
pub(super) fn obligation_of(subject: &str) -> String {
    let (kind, id) = subject.split_once("s/").unwrap_or((subject, ""));
    format!("events/obligations/{kind}-{id}")
}

/// How well a matter fits what was typed, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the title.
    Title,
    /// It stands in the title as it was typed.
    Phrase,
    /// Each word of it stands in the title or the date.
    Words,
}

/// Those that fit best; a worse fit counts only where there is no better one.
fn best(entries: Vec<TimelineEntry>, wanted: &str) -> Vec<TimelineEntry> {
    let fits: Vec<Option<Fit>> = entries.iter().map(|entry| fit(entry, wanted)).collect();
    let Some(best) = fits.iter().flatten().min().copied() else {
        return Vec::new();
    };
    let fitting = entries.into_iter().zip(fits);
    let fitting = fitting.filter(|(_, fit)| *fit == Some(best));
    fitting.map(|(entry, _)| entry).collect()
}

/// With or without diacritics; figures are whole ones, so that a month is no part of a year.
fn fit(entry: &TimelineEntry, wanted: &str) -> Option<Fit> {
    let (title, wanted) = (words(&entry.title), words(wanted));
    if wanted.is_empty() {
        return None;
    }
    if title == wanted {
        return Some(Fit::Title);
    }
    if title.windows(wanted.len()).any(|part| part == wanted) {
        return Some(Fit::Phrase);
    }
    let when = words(&anchor_in_words(entry.anchor.as_ref()));
    let stands = |word: &String| title.contains(word) || when.contains(word);
    wanted.iter().all(stands).then_some(Fit::Words)
}

fn words(text: &str) -> Vec<String> {
    let text = fold(text);
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    // 04 is 4: people write the same day in both ways.
    words
        .map(|word| word.trim_start_matches('0').to_owned())
        .collect()
}

/// Every entry of the timeline.
pub(super) async fn timeline(
    clients: &Clients,
    asked: ListTimelineRequest,
) -> Result<Vec<TimelineEntry>, tonic::Status> {
    let (start_date, end_date) = (asked.start_date, asked.end_date);
    every(|page_token| async move {
        let request = ListTimelineRequest {
            start_date,
            end_date,
            page_size: PAGE,
            page_token,
        };
        let page = clients.plans().list_timeline(request).await?.into_inner();
        Ok((page.entries, page.next_page_token))
    })
    .await
}

fn list(lines: impl ExactSizeIterator<Item = String>) -> String {
    let more = lines.len().saturating_sub(TOLD);
    let mut told: String = lines.take(TOLD).map(|line| format!("\n  {line}")).collect();
    if more > 0 {
        told.push_str(&phrase!("\n  … và {more} nữa", "\n  … and {more} more"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_is_named_alike_by_its_service_and_by_the_timeline() {
        for (subject, obligation) in [
            ("events/1-2", "events/obligations/event-1-2"),
            ("deadlines/1-2", "events/obligations/deadline-1-2"),
        ] {
            assert_eq!(obligation_of(subject), obligation);
            assert_eq!(subject_of(obligation).as_deref(), Some(subject));
            assert_eq!(subject_of(subject).as_deref(), Some(subject));
        }
        assert_eq!(subject_of("hội nghị"), None);
    }

    fn titles(wanted: &str) -> Vec<String> {
        let entry = |title: &str| TimelineEntry {
            title: title.to_owned(),
            ..Default::default()
        };
        let entries = vec![
            entry("Hội nghị giao ban tháng 4/2024"),
            entry("Hội nghị giao ban tháng 5/2024"),
            entry("Hội nghị tuyên truyền Luật HTX cụm Cư Jút"),
            entry("Hội nghị"),
        ];
        best(entries, wanted)
            .into_iter()
            .map(|entry| entry.title)
            .collect()
    }

    #[test]
    fn a_matter_is_found_by_words_of_its_title() {
        assert_eq!(
            titles("cu jut"),
            ["Hội nghị tuyên truyền Luật HTX cụm Cư Jút"]
        );
        assert_eq!(
            titles("luat jut"),
            ["Hội nghị tuyên truyền Luật HTX cụm Cư Jút"]
        );
        assert_eq!(titles("giao ban").len(), 2);
        assert!(titles("cư jút đắk mil").is_empty() && titles(" ").is_empty());
    }

    #[test]
    fn a_month_is_no_part_of_a_year_and_the_better_fit_counts() {
        assert_eq!(titles("giao ban 4"), ["Hội nghị giao ban tháng 4/2024"]);
        assert_eq!(
            titles("giao ban tháng 04"),
            ["Hội nghị giao ban tháng 4/2024"]
        );
        assert_eq!(titles("hội nghị"), ["Hội nghị"]);
    }
}
