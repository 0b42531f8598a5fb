//! Roster codes to resource names, and what selections choose from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lienminh_proto::registry::v1::{ListOrganisationsRequest, MembershipState, Organisation};
use vietnam::text::excerpt;

use crate::connect::{Clients, PAGE, every};
use crate::files::plan::Selection;
use crate::language::phrase;

/// Every organisation of the registry, by roster code.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    by_code: BTreeMap<String, Organisation>,
    /// By resource name.
    codes: HashMap<String, String>,
}

impl Directory {
    /// Reads the whole registry, page by page.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn read(clients: &Clients) -> Result<Self, tonic::Status> {
        let all = every(|page_token| async move {
            let request = ListOrganisationsRequest {
                page_size: PAGE,
                page_token,
                ..Default::default()
            };
            let mut registry = clients.organisations();
            let page = registry.list_organisations(request).await?.into_inner();
            Ok((page.organisations, page.next_page_token))
        })
        .await?;
        let coded = all.into_iter().map(|organisation| {
            let code = match organisation.roster_code.as_str() {
                "" => organisation.name.clone(),
                code => code.to_owned(),
            };
            (code, organisation)
        });
        let by_code: BTreeMap<String, Organisation> = coded.collect();
        let codes = by_code
            .iter()
            .map(|(code, organisation)| (organisation.name.clone(), code.clone()));
        Ok(Self {
            codes: codes.collect(),
            by_code,
        })
    }

    /// The organisation with this roster code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Organisation> {
        self.by_code.get(code)
    }

    /// The resource name behind a roster code.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<String> {
        self.get(code).map(|organisation| organisation.name.clone())
    }

    /// The organisation with this resource name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Organisation> {
        self.get(self.codes.get(name)?)
    }

    /// The clusters that organisations belong to, each once.
    fn clusters(&self) -> Vec<&str> {
        let clusters: BTreeSet<&str> = self.iter().map(|each| each.cluster.as_str()).collect();
        clusters
            .into_iter()
            .filter(|each| !each.is_empty())
            .collect()
    }

    /// Why this is no cluster, with those that there are; nothing where it is one.
    #[must_use]
    pub fn unknown_cluster(&self, cluster: &str) -> Option<String> {
        let known = self.clusters();
        (!known.contains(&cluster)).then(|| {
            let (cluster, known) = (excerpt(cluster), known.join(", "));
            phrase!(
                "không có cụm “{cluster}”; các cụm hiện có: {known}",
                "there is no cluster \"{cluster}\"; there are: {known}"
            )
        })
    }

    /// Every organisation.
    pub fn iter(&self) -> impl Iterator<Item = &Organisation> {
        self.by_code.values()
    }

    /// Resource names that a selection chooses, each once.
    ///
    /// # Errors
    /// Codes that nobody has.
    pub fn select(&self, selection: &Selection) -> Result<Vec<String>, Vec<String>> {
        let mut names: BTreeSet<String> = self
            .iter()
            .filter(|organisation| {
                (selection.members && is_member(organisation))
                    || (selection.clusters.contains(&organisation.cluster)
                        && !organisation.cluster.is_empty())
            })
            .map(|organisation| organisation.name.clone())
            .collect();
        let mut unknown = Vec::new();
        for code in &selection.organisations {
            match self.name(code) {
                Some(name) => {
                    names.insert(name);
                }
                None => unknown.push(code.clone()),
            }
        }
        if unknown.is_empty() {
            Ok(names.into_iter().collect())
        } else {
            Err(unknown)
        }
    }
}

fn is_member(organisation: &Organisation) -> bool {
    organisation
        .membership
        .as_ref()
        .is_some_and(|membership| membership.state() == MembershipState::Admitted)
}
