//! What must hold afterwards, judged from outside: from what was announced and
//! from what the ends have logged as accepted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::Context;
use lienminh_local::ServiceName;
use lienminh_local::acceptance::AcceptanceLog;
use lienminh_local::sms::AcceptedSms;
use lienminh_local::smtp::AcceptedMail;
use lienminh_proto::notifier::v1::Delivery;
use serde::Serialize;
use tokio_postgres::Client;

use super::ground::{Ground, Mailing};
use crate::demo::join;

/// However much still moves: nothing takes longer than this.
const LONGEST: Duration = Duration::from_secs(600);

/// At most so many examples of each kind are shown.
const SHOWN: usize = 10;

/// What the oracle found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Findings {
    /// Rows said to be sent that no end has accepted.
    pub lost: Vec<String>,
    /// Accepted more than once.
    pub doubled: Vec<String>,
    /// Accepted, and no row admits to it.
    pub invented: Vec<String>,
    /// Not final long after everything was healed.
    pub forgotten: Vec<String>,
    /// Invited, and not exactly one row.
    pub missing: Vec<String>,
    /// What an end holds in memory and its log on disk does not agree with.
    pub unlogged: Vec<String>,
    /// Rows by state.
    pub rows: BTreeMap<String, u64>,
    /// Emails accepted.
    pub mails: usize,
    /// SMS accepted.
    pub texts: usize,
    /// Mailings announced.
    pub mailings: usize,
    /// From the last fault healed to the last row final.
    pub settled_after_seconds: f64,
}

impl Findings {
    /// Nothing lost, doubled, invented, forgotten or missing, and something sent at all.
    #[must_use]
    pub fn hold(&self) -> bool {
        self.mails + self.texts > 0
            && self.mailings > 0
            && self.violations().all(|(_, found)| found.is_empty())
    }

    /// Each kind of violation with its cases.
    pub fn violations(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        [
            ("lost", &self.lost),
            ("doubled", &self.doubled),
            ("invented", &self.invented),
            ("forgotten", &self.forgotten),
            ("missing", &self.missing),
            ("unlogged", &self.unlogged),
        ]
        .into_iter()
        .map(|(kind, found)| (kind, found.as_slice()))
    }
}

/// Waits until nothing is left to do, or nothing has moved for `limit`, then joins
/// logs and rows.
///
/// # Errors
/// When the notifier does not tell its rows.
pub async fn examine(ground: &Ground, limit: Duration) -> anyhow::Result<Findings> {
    let healed = Instant::now();
    let mailings = ground.read().mailings;
    let forgotten = come_to_rest(ground, limit).await;
    let settled_after_seconds = healed.elapsed().as_secs_f64();
    let rows = join::rows(&ground.clients).await?;
    let (mails, texts) = (
        ground.stage.smtp().accepted(),
        ground.stage.sms().accepted(),
    );
    let joined = join::join(&rows, &mails, &texts);
    let mut findings = Findings {
        lost: joined.lost,
        doubled: joined.doubled,
        invented: joined.invented,
        forgotten,
        missing: missing(&rows, &mailings),
        unlogged: unlogged(ground, &mails, &texts)?,
        rows: by_state(&rows),
        mails: mails.len(),
        texts: texts.len(),
        mailings: mailings.len(),
        settled_after_seconds,
    };
    findings.doubled.extend(equal_texts(&texts));
    let excused = resent(ground, &mails).await?;
    findings.doubled.retain(|mail| !excused.contains(mail));
    Ok(findings)
}

const LEGAL: &str = "
    select d.id::text from delivery d
    where d.class = 'LEGAL_DEADLINE' and d.channel = 'email' and d.resends = 1";

/// References of legal deadlines whose outcome stayed unknown and which were
/// therefore sent once more, the identical bytes: the only message that may come twice.
async fn resent(ground: &Ground, mails: &[AcceptedMail]) -> anyhow::Result<HashSet<String>> {
    let session = ground.stage.look_into(ServiceName::Notifier).await?;
    let legal: HashSet<String> = session
        .query(LEGAL, &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let mut copies: HashMap<&str, Vec<&str>> = HashMap::new();
    for mail in mails {
        let reference = mail.message_id.trim_matches(['<', '>']);
        copies.entry(reference).or_default().push(&mail.sha256);
    }
    let identical = |hashes: &[&str]| hashes.len() == 2 && hashes[0] == hashes[1];
    Ok(copies
        .into_iter()
        .filter(|(reference, hashes)| {
            let id = reference.split('@').next().unwrap_or_default();
            legal.contains(id) && identical(hashes)
        })
        .map(|(reference, _)| reference.to_owned())
        .collect())
}

/// What is still not final when nothing has moved for `limit`; nothing as soon as
/// all is. A busy machine is slow, but what moves is not forgotten.
pub async fn come_to_rest(ground: &Ground, limit: Duration) -> Vec<String> {
    let mailings = ground.read().mailings;
    let begun = Instant::now();
    let (mut moved, mut before) = (begun, None);
    loop {
        let looked = match ground.stage.look_into(ServiceName::Notifier).await {
            Ok(session) => look(ground, &session, &mailings).await,
            Err(error) => Err(error),
        };
        let over = moved.elapsed() > limit || begun.elapsed() > LONGEST;
        match looked {
            Ok((rest, _)) if rest.is_empty() || over => return rest,
            Err(error) if over => return vec![format!("{error:#}")],
            Ok((_, done)) if before != Some(done) => (moved, before) = (Instant::now(), Some(done)),
            Ok(_) | Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

const DONE: &str = "select count(*) from delivery where next_action_at is null";

/// What is left, and how many rows are final.
async fn look(
    ground: &Ground,
    session: &Client,
    mailings: &[Mailing],
) -> anyhow::Result<(Vec<String>, i64)> {
    let done = session.query_one(DONE, &[]).await?.try_get(0)?;
    Ok((rest(ground, session, mailings).await?, done))
}

const LIVE: &str = "
    select d.id::text || ' ' || d.state || ' ' || d.reason || ' since ' || d.state_at
           || ', next ' || d.next_action_at
    from delivery d where d.next_action_at is not null order by d.id limit 50";

const OVERDUE: &str = "
    select o.id::text || ' ' || o.step || ' due ' || o.due_at || ', attempts ' || o.attempts
    from occurrence o where o.state = 'SCHEDULED' and o.due_at <= $1 order by o.id limit 50";

const UNHEARD: &str = "
    select told.name from unnest($1::text[]) as told (name)
    where not exists (select from obligation o where o.name = told.name)";

async fn rest(
    ground: &Ground,
    session: &Client,
    mailings: &[Mailing],
) -> anyhow::Result<Vec<String>> {
    let now = std::time::SystemTime::from(ground.clock.now());
    let told: Vec<&str> = mailings
        .iter()
        .map(|each| each.obligation.as_str())
        .collect();
    let mut rest = Vec::new();
    // Asked in the order in which work moves on: what has left one stage before it was
    // looked at is seen in the next.
    for (what, rows) in [
        ("never heard of", session.query(UNHEARD, &[&told]).await?),
        ("occurrence", session.query(OVERDUE, &[&now]).await?),
        ("delivery", session.query(LIVE, &[]).await?),
    ] {
        for row in rows {
            let words: Option<String> = row.try_get(0).context("a row without words")?;
            rest.push(format!("{what} {}", words.unwrap_or_default()));
        }
    }
    Ok(rest)
}

/// Who was invited has exactly one row, whatever became of it.
fn missing(rows: &[Delivery], mailings: &[Mailing]) -> Vec<String> {
    let mut counted: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for row in rows {
        *counted
            .entry((&row.obligation, &row.organisation, &row.step))
            .or_default() += 1;
    }
    let invited = mailings.iter().flat_map(|mailing| {
        let (obligation, step) = (mailing.obligation.as_str(), mailing.step);
        let parties = mailing.invited.iter();
        parties.map(move |party| (obligation, party.as_str(), step))
    });
    invited
        .filter_map(
            |pair| match counted.get(&pair).copied().unwrap_or_default() {
                1 => None,
                count => Some(format!("{} {}: {count} rows", pair.0, pair.1)),
            },
        )
        .collect()
}

/// The logs on disk tell what the ends remember.
fn unlogged(
    ground: &Ground,
    mails: &[AcceptedMail],
    texts: &[AcceptedSms],
) -> anyhow::Result<Vec<String>> {
    let logged_mails = AcceptanceLog::read::<AcceptedMail>(ground.stage.smtp().log())?;
    let logged_texts = AcceptanceLog::read::<AcceptedSms>(ground.stage.sms().log())?;
    let counts = [
        ("mails", logged_mails.len(), mails.len()),
        ("texts", logged_texts.len(), texts.len()),
    ];
    Ok(counts
        .into_iter()
        .filter(|(_, logged, kept)| logged != kept)
        .map(|(what, logged, kept)| format!("{logged} {what} logged, {kept} accepted"))
        .collect())
}

/// Two texts to one number that say the same, whatever their ids.
fn equal_texts(texts: &[AcceptedSms]) -> Vec<String> {
    let mut seen = HashMap::new();
    texts
        .iter()
        .filter(|sms| {
            let first = seen.insert((&sms.to, &sms.text), &sms.request_id);
            first.is_some_and(|first| *first != sms.request_id)
        })
        .map(|sms| sms.request_id.clone())
        .collect()
}

fn by_state(rows: &[Delivery]) -> BTreeMap<String, u64> {
    let mut states = BTreeMap::new();
    for row in rows {
        let state = row.state().as_str_name().replace("DELIVERY_STATE_", "");
        *states.entry(state).or_default() += 1;
    }
    states
}

/// Some cases of a violation, for people.
#[must_use]
pub fn some(found: &[String]) -> String {
    let mut words = found
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n    ");
    if found.len() > SHOWN {
        words.push_str(&format!("\n    and {} more", found.len() - SHOWN));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(organisation: &str) -> Delivery {
        Delivery {
            obligation: "o".to_owned(),
            organisation: organisation.to_owned(),
            step: "issue".to_owned(),
            ..Default::default()
        }
    }

    #[test]
    fn who_is_invited_has_one_row_and_not_two_or_none() {
        let mailing = Mailing {
            obligation: "o".to_owned(),
            invited: ["one", "twice", "never"].map(str::to_owned).into(),
            step: "issue",
        };
        let rows = [row("one"), row("twice"), row("twice")];
        assert_eq!(
            missing(&rows, &[mailing]),
            ["o never: 0 rows", "o twice: 2 rows"]
        );
    }

    #[test]
    fn findings_without_a_single_message_do_not_hold() {
        let mut findings = Findings {
            mailings: 1,
            ..Findings::default()
        };
        assert!(!findings.hold());
        findings.mails = 1;
        assert!(findings.hold());
        findings.forgotten.push("a row".to_owned());
        assert!(!findings.hold());
    }
}
