use lienminh_proto::registry::v1 as pb;
use tonic::Code;

use crate::house::{self, Desk, House};
use crate::samples::{cooperative, fields, of_kind, reason};

async fn list(
    desk: &mut Desk,
    request: pb::ListOrganisationsRequest,
) -> pb::ListOrganisationsResponse {
    desk.organisations
        .list_organisations(request)
        .await
        .unwrap()
        .into_inner()
}

fn names(response: &pb::ListOrganisationsResponse) -> Vec<&str> {
    response
        .organisations
        .iter()
        .map(|each| each.display_name.as_str())
        .collect()
}

/// All names, page by page.
async fn walk(desk: &mut Desk, mut request: pb::ListOrganisationsRequest) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let page = list(desk, request.clone()).await;
        assert!(page.organisations.len() <= request.page_size as usize);
        all.extend(page.organisations.into_iter().map(|each| each.display_name));
        if page.next_page_token.is_empty() {
            return all;
        }
        request.page_token = page.next_page_token;
    }
}

const IN_ORDER: [&str; 7] = [
    "Ban Ấm",
    "HTX An",
    "HTX Ánh Dương",
    "HTX Âu Lạc",
    "HTX Cao Bằng",
    "HTX Cần Thơ",
    "HTX Đắk Mil",
];

async fn filled() -> (House, Desk) {
    let house = house::open().await;
    let mut officer = house.officer();
    for name in IN_ORDER.iter().rev() {
        let kind = if name.starts_with("Ban") {
            pb::OrganisationKind::Unit
        } else {
            pb::OrganisationKind::Cooperative
        };
        let cluster = if name.contains('C') { "Cụm C" } else { "" };
        officer
            .enter(pb::Organisation {
                cluster: cluster.to_owned(),
                ..of_kind(kind, name)
            })
            .await
            .unwrap();
    }
    (house, officer)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_any_size_hold_everything_once_in_the_order_of_the_alphabet() {
    let (_house, mut officer) = filled().await;
    for page_size in [1, 2, 3, 7, 200] {
        let request = pb::ListOrganisationsRequest {
            page_size,
            ..Default::default()
        };
        assert_eq!(walk(&mut officer, request).await, IN_ORDER, "{page_size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_in_the_order_of_changes_ends_with_the_latest() {
    let (house, mut officer) = filled().await;
    house.at("2024-03-01T01:00:00Z");
    let first = list(&mut officer, pb::ListOrganisationsRequest::default())
        .await
        .organisations
        .remove(0);
    officer
        .change(
            pb::Organisation {
                address: "Thôn 1".to_owned(),
                ..first
            },
            &["address"],
        )
        .await
        .unwrap();
    let request = pb::ListOrganisationsRequest {
        page_size: 2,
        order_by: "update_time".to_owned(),
        ..Default::default()
    };
    let walked = walk(&mut officer, request).await;
    assert_eq!(walked.len(), IN_ORDER.len());
    assert_eq!(walked.last().map(String::as_str), Some("Ban Ấm"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_members_and_clusters_narrow_the_list() {
    let (_house, mut officer) = filled().await;
    let all = list(&mut officer, pb::ListOrganisationsRequest::default()).await;
    officer.admit(&all.organisations[1].name).await.unwrap();
    officer.admit(&all.organisations[5].name).await.unwrap();
    let members = pb::ListOrganisationsRequest {
        members_only: true,
        ..Default::default()
    };
    assert_eq!(
        names(&list(&mut officer, members.clone()).await),
        ["HTX An", "HTX Cần Thơ"]
    );
    let units = pb::ListOrganisationsRequest {
        kinds: vec![pb::OrganisationKind::Unit.into()],
        ..Default::default()
    };
    assert_eq!(names(&list(&mut officer, units).await), ["Ban Ấm"]);
    for order_by in ["display_name", "update_time"] {
        let cluster = pb::ListOrganisationsRequest {
            cluster: "Cụm C".to_owned(),
            order_by: order_by.to_owned(),
            ..members.clone()
        };
        assert_eq!(
            names(&list(&mut officer, cluster).await),
            ["HTX Cần Thơ"],
            "{order_by}"
        );
    }
    let cluster = pb::ListOrganisationsRequest {
        cluster: "Cụm C".to_owned(),
        ..Default::default()
    };
    assert_eq!(
        names(&list(&mut officer, cluster).await),
        ["HTX Cao Bằng", "HTX Cần Thơ"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn case_59_a_page_token_fits_only_the_list_it_came_from() {
    let (_house, mut officer) = filled().await;
    let request = pb::ListOrganisationsRequest {
        page_size: 2,
        ..Default::default()
    };
    let token = list(&mut officer, request.clone()).await.next_page_token;
    let with = |change: fn(&mut pb::ListOrganisationsRequest)| {
        let mut request = pb::ListOrganisationsRequest {
            page_token: token.clone(),
            ..request.clone()
        };
        change(&mut request);
        request
    };
    for foreign in [
        with(|request| request.order_by = "update_time".to_owned()),
        with(|request| request.members_only = true),
        with(|request| request.cluster = "Cụm C".to_owned()),
        with(|request| request.kinds = vec![1]),
        with(|request| request.page_token = "AAAA".to_owned()),
    ] {
        let refused = officer
            .organisations
            .list_organisations(foreign)
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::InvalidArgument, "FOREIGN_PAGE_TOKEN")
        );
    }
    assert!(
        officer
            .organisations
            .list_organisations(with(|request| request.page_size = 5))
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shapes_a_list_is_checked() {
    let house = house::open().await;
    let mut officer = house.officer();
    officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    for (request, field) in [
        (
            pb::ListOrganisationsRequest {
                page_size: -1,
                ..Default::default()
            },
            "page_size",
        ),
        (
            pb::ListOrganisationsRequest {
                order_by: "colour".to_owned(),
                ..Default::default()
            },
            "order_by",
        ),
        (
            pb::ListOrganisationsRequest {
                kinds: vec![1, 99],
                ..Default::default()
            },
            "kinds[1]",
        ),
        (
            pb::ListOrganisationsRequest {
                cluster: "\u{0}".to_owned(),
                ..Default::default()
            },
            "cluster",
        ),
    ] {
        let refused = officer
            .organisations
            .list_organisations(request)
            .await
            .unwrap_err();
        assert_eq!(fields(&refused), [field]);
    }
    let huge = pb::ListOrganisationsRequest {
        page_size: 1_000_000,
        ..Default::default()
    };
    assert_eq!(list(&mut officer, huge).await.organisations.len(), 1);
}
