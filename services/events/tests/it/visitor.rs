//! Whoever opens a reply page.

use reqwest::StatusCode;

use crate::house::{Desk, House};
use crate::samples::parties;

/// Every client needs to know its cryptography, even for plain HTTP.
pub fn client() -> reqwest::Client {
    // Fails where another test of this process was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

pub async fn token(desk: &Desk, subject: &str) -> String {
    parties(desk, subject).await.remove(0).reply_token
}

pub async fn get(house: &House, token: &str) -> (StatusCode, String) {
    let response = client()
        .get(format!("{}/r/{token}", house.pages))
        .send()
        .await
        .unwrap();
    (response.status(), response.text().await.unwrap())
}

pub async fn post(house: &House, token: &str, body: &'static str) -> (StatusCode, String) {
    let response = client()
        .post(format!("{}/r/{token}", house.pages))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    (response.status(), response.text().await.unwrap())
}
