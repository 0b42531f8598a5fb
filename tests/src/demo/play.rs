//! The play: stage, loading, script, curtain.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::civil::{DateTime, Time};
use lienminh_cli::connect::{Clients, PAGE, every};
use lienminh_local::conductor::Conductor;
use lienminh_local::folder::{Play as Kind, Refused, project_root};
use lienminh_local::postgres::PostgresOptions;
use lienminh_local::servers::Servers;
use lienminh_local::service::ServiceName;
use lienminh_local::sms::{Answer, Receipt, SmsGateway};
use lienminh_local::smtp::{Behaviour, SmtpSink};
use lienminh_local::stage::{Stage, StageOptions};
use lienminh_local::suite::{SmsTarget, Token};
use lienminh_proto::notifier::v1::{ListUnreachableRequest, ReconcileCoverageRequest};

use super::actors::Actors;
use super::join::{self, Joined};
use super::loading;
use super::perform::World;
use super::reading::{self, Findings};
use super::report::Report;
use super::script::{Action, Deed, Fault, Script};
use super::surface;
use super::timeline::{Tally, Timeline};
use super::venue::Venue;
use crate::oracle::{Oracle, ladder};
use crate::surface::Surface;

/// Numbers that their owners have given up begin like this.
const DEAD_NUMBERS: &str = "0590009";

/// Longer than the notifier waits for an answer.
const SILENCE: Duration = Duration::from_secs(120);

/// How the demonstration is played.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where messages and report are left.
    pub output: PathBuf,
    /// Somebody else's SMTP end, `host:port`.
    pub foreign_smtp: Option<String>,
    /// Somebody else's SMS end, a URL that speaks the eSMS API.
    pub foreign_sms: Option<String>,
    /// What is done with what the demonstration tells others.
    pub surface: Option<Surface>,
}

impl Options {
    /// From `DEMO_SMTP` and `DEMO_SMS`, into `target/demo` of the checkout.
    ///
    /// # Errors
    /// The checkout cannot be found.
    pub fn from_environment() -> anyhow::Result<Self> {
        let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Ok(Self {
            output: project_root()?.join("target/demo"),
            foreign_smtp: given("DEMO_SMTP"),
            foreign_sms: given("DEMO_SMS"),
            surface: None,
        })
    }
}

/// Plays the whole demonstration.
///
/// # Errors
/// [`Refused::Busy`] when another run plays in this clone; otherwise what failed.
pub async fn play(options: &Options) -> Result<Report, Refused> {
    let started = Instant::now();
    let project = project_root()?;
    println!("Dựng sân khấu: PostgreSQL, RabbitMQ, đầu nhận thư và SMS, bốn dịch vụ ...");
    let servers = Servers::start(&project, Kind::Demo, PostgresOptions::default()).await?;
    Ok(on_stage(servers, options, started).await?)
}

async fn on_stage(servers: Servers, options: &Options, started: Instant) -> anyhow::Result<Report> {
    let script = script()?;
    prepare(&options.output)?;
    let stage = Stage::on(servers, &stage_options(options, script.start)).await?;
    let played = on_set_stage(&stage, options, &script, started).await;
    if played.is_err() {
        keep_logs(&stage, &options.output)?;
    }
    played
}

async fn on_set_stage(
    stage: &Stage,
    options: &Options,
    script: &Script,
    started: Instant,
) -> anyhow::Result<Report> {
    stage.suite().start().await?;
    let (own_smtp, own_sms) = (
        options.foreign_smtp.is_none(),
        options.foreign_sms.is_none(),
    );
    let start = vietnam::instant(script.start);
    let venue = Venue::of(stage, own_smtp, own_sms, start);
    let Some(held) = &options.surface else {
        return at(&venue, script, &options.output, started).await;
    };
    anyhow::ensure!(
        own_smtp && own_sms,
        "both ends must be our own to record what they accept"
    );
    surface::tap(stage).await?;
    let report = at(&venue, script, &options.output, started).await?;
    let token = venue.token(&Token::new("person:van-phong", "*"))?;
    let officer = Clients::new(&venue.connection(token))?;
    held.hold_all(surface::FOLDER, &surface::of(stage, &officer).await?)?;
    Ok(report)
}

/// Plays at a venue whose suite is ready and empty.
///
/// # Errors
/// The first call that is refused, or a step that is stuck.
pub(super) async fn at(
    venue: &Venue<'_>,
    script: &Script,
    output: &Path,
    started: Instant,
) -> anyhow::Result<Report> {
    println!(
        "  sẵn sàng sau {:.1} s; nạp danh sách và kế hoạch:",
        started.elapsed().as_secs_f64()
    );
    let mut player = Player::enter(venue, script).await?;
    player.act(script).await?;
    player.curtain(output, started).await
}

/// What is played.
pub(super) fn script() -> anyhow::Result<Script> {
    Script::read(&loading::folder().join("script.toml"))
}

/// The stage's folder goes with the stage; who looks for a fault needs the logs.
fn keep_logs(stage: &Stage, output: &Path) -> anyhow::Result<()> {
    for service in ServiceName::ALL {
        let kept = output.join(format!("{service}.log"));
        if std::fs::copy(stage.suite().log(service), &kept).is_ok() {
            eprintln!("nhật ký: {}", kept.display());
        }
    }
    Ok(())
}

pub(super) fn prepare(output: &Path) -> anyhow::Result<()> {
    let mail = output.join("mail");
    if mail.exists() {
        std::fs::remove_dir_all(&mail).context("the mails of the last run cannot be removed")?;
    }
    for file in ["sms.jsonl", "report.json", "unreachable.json"] {
        let path = output.join(file);
        if path.exists() {
            std::fs::remove_file(&path).context("the report of the last run cannot be removed")?;
        }
    }
    std::fs::create_dir_all(&mail).with_context(|| format!("cannot make {}", mail.display()))
}

fn stage_options(options: &Options, start: DateTime) -> StageOptions {
    StageOptions {
        mail_folder: Some(options.output.join("mail")),
        foreign_smtp: options
            .foreign_smtp
            .as_ref()
            .map(|address| format!("smtp://{address}")),
        foreign_sms: options.foreign_sms.clone().map(SmsTarget::Esms),
        ..StageOptions::stepped(vietnam::instant(start))
    }
}

struct Player<'s> {
    smtp: Option<&'s SmtpSink>,
    sms: Option<&'s SmsGateway>,
    conductor: Conductor,
    world: World,
    timeline: Timeline,
}

impl<'s> Player<'s> {
    async fn enter(venue: &Venue<'s>, script: &Script) -> anyhow::Result<Self> {
        let mut subjects: Vec<String> = script.actions.iter().filter_map(actor).collect();
        subjects.sort();
        subjects.dedup();
        let actors = Actors::of(venue, &subjects)?;
        let loaded = loading::load(actors.officer()).await?;
        let roster = loading::roster(actors.officer(), &loaded.directory).await?;
        let rules = Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../services/notifier/rules"
        ));
        let world = World {
            oracle: Oracle::new(ladder::read(rules)?, roster, script.start),
            pages: venue.pages.clone(),
            actors,
            loaded,
            names: BTreeMap::new(),
            open: BTreeMap::new(),
            stories: BTreeMap::new(),
            applications: BTreeMap::new(),
            steps: 0,
        };
        let mut player = Self {
            smtp: venue.smtp,
            sms: venue.sms,
            conductor: venue.conductor()?,
            world,
            timeline: Timeline::default(),
        };
        player.plant_faults(script)?;
        Ok(player)
    }

    fn plant_faults(&mut self, script: &Script) -> anyhow::Result<()> {
        if let Some(sms) = self.sms {
            sms.rules().set(DEAD_NUMBERS, Receipt::Failed);
        }
        for fault in &script.faults {
            let Fault::MailboxRefuses { organisation } = fault else {
                continue;
            };
            let name = self
                .world
                .loaded
                .directory
                .name(organisation)
                .context("the fault names nobody")?;
            if let Some(smtp) = self.smtp {
                for mailbox in self.world.oracle.roster.refuse(&name) {
                    smtp.rules().set(&mailbox, Behaviour::RefuseRecipient(550));
                }
            }
        }
        Ok(())
    }

    async fn act(&mut self, script: &Script) -> anyhow::Result<()> {
        println!(
            "\nTừ {} đến {}:\n",
            vietnam::dates::long(script.start.date()),
            vietnam::dates::long(script.end.date())
        );
        let mut day = script.start.date();
        for action in &script.actions {
            while day < action.at.date() {
                self.end_day(day).await?;
                day = day.tomorrow()?;
            }
            self.go_to(action.at).await?;
            self.silence_before(action, script).await?;
            let text = self.world.perform(action).await?;
            self.timeline.deed(format!(
                "{} {text}",
                vietnam::dates::clock(action.at.time())
            ));
            self.conductor.settle().await?;
        }
        while day < script.end.date() {
            self.end_day(day).await?;
            day = day.tomorrow()?;
        }
        self.go_to(script.end).await?;
        self.timeline
            .end_day(day, self.world.actors.officer(), self.tally())
            .await
    }

    async fn end_day(&mut self, day: jiff::civil::Date) -> anyhow::Result<()> {
        self.go_to(day.to_datetime(Time::constant(23, 59, 0, 0)))
            .await?;
        self.timeline
            .end_day(day, self.world.actors.officer(), self.tally())
            .await
    }

    async fn go_to(&mut self, at: DateTime) -> anyhow::Result<()> {
        self.conductor.advance_to(vietnam::instant(at)).await?;
        self.world.oracle.advance(at);
        Ok(())
    }

    /// The gateway takes the first SMS about a subject and then stays silent.
    async fn silence_before(&mut self, action: &Action, script: &Script) -> anyhow::Result<()> {
        let (Deed::Announce { key }, Some(sms)) = (&action.deed, self.sms) else {
            return Ok(());
        };
        for fault in &script.faults {
            let Fault::SmsNoAnswer {
                organisation,
                subject,
            } = fault
            else {
                continue;
            };
            if subject != key {
                continue;
            }
            let name = self
                .world
                .loaded
                .directory
                .name(organisation)
                .context("the fault names nobody")?;
            let number = self
                .world
                .oracle
                .roster
                .mobile(&name)
                .context("the silenced organisation has no mobile")?;
            sms.rules()
                .set_times(&number, Answer::AcceptThenSilence(SILENCE), 1);
        }
        Ok(())
    }

    fn tally(&self) -> Tally {
        Tally {
            emails: self.smtp.map_or(0, |smtp| smtp.counters().accepted),
            sms: self.sms.map_or(0, |sms| sms.counters().accepted),
        }
    }

    async fn curtain(mut self, output: &Path, started: Instant) -> anyhow::Result<Report> {
        let notifier = self.world.actors.officer().notifier();
        let coverage = notifier
            .clone()
            .reconcile_coverage(ReconcileCoverageRequest::default())
            .await?
            .into_inner();
        let mut report = Report::default();
        report.add_coverage(&coverage);
        let unreachable = every(|page_token| {
            let mut notifier = notifier.clone();
            async move {
                let request = ListUnreachableRequest {
                    page_size: PAGE,
                    page_token,
                    ..Default::default()
                };
                let page = notifier.list_unreachable(request).await?.into_inner();
                Ok((page.unreachable, page.next_page_token))
            }
        });
        report.add_unreachable(unreachable.await?);
        let expected = self.world.oracle.expected();
        report.expected = expected.lines.try_into()?;
        report.corrections = expected.corrections.try_into()?;
        let (joined, findings) = self.join(&mut report).await?;
        report.seconds = (started.elapsed().as_secs_f64() * 10.0).round() / 10.0;
        let sms = self.sms.map_or_else(Vec::new, SmsGateway::accepted);
        report.write(output, &sms)?;
        report.show();
        findings.show();
        self.show_differences(&report, &joined, &coverage.gaps)
            .await?;
        Ok(report)
    }

    async fn join(&mut self, report: &mut Report) -> anyhow::Result<(Joined, Findings)> {
        let tally = self.tally();
        report.emails_accepted = tally.emails;
        report.sms_accepted = tally.sms;
        let (Some(smtp), Some(sms)) = (self.smtp, self.sms) else {
            println!(
                "\nMột đầu nhận là của người khác: không đối chiếu được nhật ký nhận (lost, doubled)."
            );
            return Ok((Joined::default(), Findings::default()));
        };
        let officer = self.world.actors.officer();
        let rows = join::rows(officer).await?;
        let (mails, sms) = (smtp.accepted(), sms.accepted());
        let joined = join::join(&rows, &mails, &sms);
        let findings = reading::read(officer, &self.world, &rows, &mails, &sms).await?;
        report.read = findings.read;
        report.misread = findings.faults.len();
        report.lost = joined.lost.len() + joined.invented.len();
        report.doubled = joined.doubled.len();
        Ok((joined, findings))
    }

    async fn show_differences(
        &self,
        report: &Report,
        joined: &Joined,
        gaps: &[String],
    ) -> anyhow::Result<()> {
        for (what, references) in [
            ("lost", &joined.lost),
            ("invented", &joined.invented),
            ("doubled", &joined.doubled),
        ] {
            for reference in references.iter().take(10) {
                println!("{what}: {reference}");
            }
        }
        gaps.iter().take(10).for_each(|gap| println!("gap: {gap}"));
        if report.expected != report.accounted {
            for (key, occurrences, lines) in self.world.oracle.by_matter() {
                println!("oracle: {key}: {occurrences} occurrences, {lines} lines");
            }
        }
        Ok(())
    }
}

// Only deeds of support money have an actor of their own.
#[allow(clippy::wildcard_enum_match_arm)]
fn actor(action: &Action) -> Option<String> {
    match &action.deed {
        Deed::RequestSupplement { actor, .. }
        | Deed::Appraise { actor, .. }
        | Deed::Approve { actor, .. }
        | Deed::Disburse { actor, .. } => Some(actor.clone()),
        _ => None,
    }
}
