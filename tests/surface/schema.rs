//! The schema of each service, as its migrations leave it in a real database.

use lienminh_local::{ServiceName, Stage, StageOptions};
use lienminh_tests::surface::{is_as_recorded, sorted};

#[tokio::test(flavor = "multi_thread")]
async fn the_migrated_schema_of_every_service_is_as_recorded() {
    let stage = Stage::prepare(&StageOptions::default()).await.unwrap();
    stage.suite().migrate().await.unwrap();
    for service in ServiceName::ALL {
        let database = stage.look_into(service).await.unwrap();
        let rows = database
            .query(include_str!("schema.sql"), &[])
            .await
            .unwrap();
        let lines = rows.iter().map(|row| row.get::<_, String>(0));
        is_as_recorded(&format!("schema/{service}.txt"), &sorted(lines));
    }
}
