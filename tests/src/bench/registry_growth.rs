//! Reading, listing and searching a roll that grows a thousandfold.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::ensure;
use lienminh_local::ServiceName;
use lienminh_proto::registry::v1::organisation_service_client::OrganisationServiceClient;
use lienminh_proto::registry::v1::{
    GetOrganisationRequest, ListOrganisationsRequest, Organisation, SearchOrganisationsRequest,
};
use tonic::transport::Channel;

use super::growth::{Growth, SIZES};
use super::registry::{Registry, caller};
use super::rounds::median;
use super::{Report, roll};

/// Calls of each operation, one after the other; their median is what it costs.
const CALLS: i64 = 150;

/// No operation is measured for longer than this at one size.
const TIME: Duration = Duration::from_secs(4);

const PAGE: i32 = 50;

/// A whole cluster on one page: the roll has them of this size.
const CLUSTER: i32 = 200;

/// Those who have four common words among a thousand: answers of one size are compared.
const FEW: i32 = 5;

/// One kind of call; the number says which organisation it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Operation {
    Get,
    ListByName,
    ListOfCluster,
    SearchCode,
    SearchName,
    SearchCommonWords,
    SearchCommonPage,
    SearchRareWord,
}

impl Operation {
    const ALL: [Self; 8] = [
        Self::Get,
        Self::ListByName,
        Self::ListOfCluster,
        Self::SearchCode,
        Self::SearchName,
        Self::SearchCommonWords,
        Self::SearchCommonPage,
        Self::SearchRareWord,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Get => "organisation_get",
            Self::ListByName => "organisation_list_page",
            Self::ListOfCluster => "organisation_list_cluster",
            Self::SearchCode => "organisation_search_code",
            Self::SearchName => "organisation_search_name",
            Self::SearchCommonWords => "organisation_search_common_words",
            Self::SearchCommonPage => "organisation_search_common_page",
            Self::SearchRareWord => "organisation_search_rare_word",
        }
    }

    /// Whether so many fit that the wanted one need not be on the first page.
    fn is_about_many(self) -> bool {
        matches!(
            self,
            Self::ListByName | Self::SearchCommonWords | Self::SearchCommonPage
        )
    }

    /// What is looked for; searches only.
    fn query(self, number: i64, name: &str) -> String {
        match self {
            Self::Get | Self::ListByName | Self::ListOfCluster => String::new(),
            Self::SearchCode => roll::code_of(number),
            Self::SearchName => name.to_owned(),
            Self::SearchCommonWords => "hoà bình nông nghiệp".to_owned(),
            Self::SearchCommonPage => "nông nghiệp".to_owned(),
            // Its own number, as one remembers a name: no beginning, and few have it.
            Self::SearchRareWord => format!("htx {number}"),
        }
    }
}

/// Measures it.
///
/// # Errors
/// When the registry does not work, or does not find what is there.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    let registry = Registry::with(SIZES[0]).await?;
    let mut client = caller(&registry.url()).await?;
    let mut costs: BTreeMap<Operation, BTreeMap<i64, f64>> = BTreeMap::new();
    let mut entered = SIZES[0];
    for size in SIZES {
        let begun = Instant::now();
        if size > entered {
            roll::fill(&registry.database, entered + 1..=size).await?;
            entered = size;
            // No roll grows tenfold in a minute, for which the common words are kept.
            registry
                .stage
                .suite()
                .restart(ServiceName::Registry)
                .await?;
            client = caller(&registry.url()).await?;
        }
        eprintln!(
            "  {size} organisations, filled in {:.0} s",
            begun.elapsed().as_secs_f64()
        );
        for operation in Operation::ALL {
            let cost = cost(&registry, &mut client, operation, size).await?;
            eprintln!("    {}: {cost:.0} µs", operation.name());
            costs.entry(operation).or_default().insert(size, cost);
        }
    }
    for (operation, at) in costs {
        report.grow(operation.name(), Growth::of(at, "µs each"))?;
    }
    Ok(())
}

/// The median cost of one call, in microseconds. The first tenth only warms up.
async fn cost(
    registry: &Registry,
    client: &mut OrganisationServiceClient<Channel>,
    operation: Operation,
    size: i64,
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut costs = Vec::new();
    for call in 0..CALLS {
        // A prime step walks the roll; only among numbers that begin no longer one.
        let number = size / 10 + 1 + call * 611_953 % (size - size / 10);
        let wanted = roll::find(&registry.database, number).await?;
        let query = operation.query(number, &wanted.display_name);
        let asked = Instant::now();
        let found = ask(registry, client, operation, &wanted, query).await?;
        let took = asked.elapsed();
        let there = operation.is_about_many() || found.iter().any(|each| each.name == wanted.name);
        ensure!(
            there && !found.is_empty(),
            "{} did not find {}",
            operation.name(),
            wanted.display_name
        );
        if call >= CALLS / 10 {
            costs.push(took.as_secs_f64() * 1e6);
        }
        if begun.elapsed() > TIME && costs.len() >= 10 {
            break;
        }
    }
    Ok(median(costs.into_iter()).unwrap_or_default())
}

async fn ask(
    registry: &Registry,
    client: &mut OrganisationServiceClient<Channel>,
    operation: Operation,
    wanted: &roll::Entry,
    query: String,
) -> anyhow::Result<Vec<Organisation>> {
    match operation {
        Operation::Get => {
            let name = wanted.name.clone();
            let request = registry.request(GetOrganisationRequest { name })?;
            Ok(vec![client.get_organisation(request).await?.into_inner()])
        }
        Operation::ListByName | Operation::ListOfCluster => {
            let (cluster, page_size) = if operation == Operation::ListOfCluster {
                (wanted.cluster.clone(), CLUSTER)
            } else {
                (String::new(), PAGE)
            };
            let request = registry.request(ListOrganisationsRequest {
                cluster,
                members_only: true,
                page_size,
                ..Default::default()
            })?;
            let page = client.list_organisations(request).await?.into_inner();
            Ok(page.organisations)
        }
        Operation::SearchCode
        | Operation::SearchName
        | Operation::SearchCommonWords
        | Operation::SearchCommonPage
        | Operation::SearchRareWord => {
            let few = operation == Operation::SearchCommonWords;
            let request = registry.request(SearchOrganisationsRequest {
                query,
                page_size: if few { FEW } else { PAGE },
                page_token: String::new(),
            })?;
            let page = client.search_organisations(request).await?.into_inner();
            Ok(page.organisations)
        }
    }
}
