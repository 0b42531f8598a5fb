//! What the demonstration tells others, as text that is the same in every run: messages by what
//! they are about, facts and audit rows by what is in them.

mod facts;
mod masked;
mod messages;

use lienminh_cli::connect::Clients;
use lienminh_local::stage::Stage;

pub use facts::tap;

use super::{join, timeline};

/// The folder of these recordings.
pub const FOLDER: &str = "demo";

/// Name and text of each file.
///
/// # Errors
/// A call or a query fails.
pub async fn of(stage: &Stage, officer: &Clients) -> anyhow::Result<Vec<(String, String)>> {
    let rows = join::rows(officer).await?;
    let titles = timeline::fanned_out(officer)
        .await?
        .into_iter()
        .map(|occurrence| (occurrence.obligation, occurrence.title))
        .collect();
    let (mails, sms) = (stage.smtp().accepted(), stage.sms().accepted());
    let mut files = messages::by_matter(&rows, &titles, &mails, &sms);
    files.push(("facts.txt".to_owned(), facts::told(stage).await?));
    files.push(("audit.txt".to_owned(), facts::audited(stage).await?));
    Ok(files)
}
