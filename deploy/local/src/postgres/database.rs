//! Reaching a server, and making a service's database in it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

/// How to reach a private server as its superuser.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PostgresAddress {
    /// On 127.0.0.1.
    pub port: u16,
    /// Of the superuser `stage`.
    pub superuser_password: String,
    /// Where `psql`, `pgbench` and the like are.
    pub programs: PathBuf,
    /// The authority that signed the server's certificate, which is for 127.0.0.1.
    pub authority: PathBuf,
}

/// One service's database, as its two roles reach it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ServiceDatabase {
    /// The database's name.
    pub name: String,
    /// For migrations: owns everything in the database.
    pub owner_url: String,
    /// For serving: no DDL.
    pub runtime_url: String,
}

impl ServiceDatabase {
    /// The same database under TLS, its server verified.
    #[must_use]
    pub fn encrypted(&self) -> Self {
        let under_tls = |url: &str| format!("{url}?sslmode=require");
        Self {
            name: self.name.clone(),
            owner_url: under_tls(&self.owner_url),
            runtime_url: under_tls(&self.runtime_url),
        }
    }

    /// The same database by way of another port of 127.0.0.1: that of a proxy.
    #[must_use]
    pub fn through(&self, port: u16) -> Self {
        let by_way = |url: &str| {
            let (head, name) = url.rsplit_once('/').unwrap_or((url, ""));
            let head = head.rsplit_once(':').map_or(head, |(head, _)| head);
            format!("{head}:{port}/{name}")
        };
        Self {
            name: self.name.clone(),
            owner_url: by_way(&self.owner_url),
            runtime_url: by_way(&self.runtime_url),
        }
    }
}

const ROLES: &str = include_str!("../../../postgres/roles.sql");
const DATABASE: &str = include_str!("../../../postgres/database.sql");

/// Roles belong to a server, not a database, so all databases of one stage share these. The server
/// listens on the loopback interface of a development machine only.
const ROLE_PASSWORD: &str = "stage-only";

impl PostgresAddress {
    /// A connection URL as the superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://stage:{}@127.0.0.1:{}/{database}",
            self.superuser_password, self.port
        )
    }

    /// Connects as the superuser. The connection's task ends with the client.
    ///
    /// # Errors
    /// When the server does not let us in.
    pub async fn connect(&self, database: &str) -> anyhow::Result<tokio_postgres::Client> {
        connect(&self.url(database)).await
    }

    /// Whether a session can be had right now.
    pub async fn answers(&self) -> bool {
        let limit = Duration::from_secs(5);
        matches!(
            tokio::time::timeout(limit, self.connect("postgres")).await,
            Ok(Ok(_))
        )
    }

    /// Makes the owner and the runtime role of a service, once per server.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn create_roles(&self, service: &str) -> anyhow::Result<()> {
        let password =
            ["owner_password", "runtime_password"].map(|name| format!("{name}={ROLE_PASSWORD}"));
        self.psql(
            ROLES,
            &[&format!("service={service}"), &password[0], &password[1]],
        )
        .await
    }

    /// Makes a database of the service under the given name.
    ///
    /// # Errors
    /// When the name is taken or the server refuses.
    pub async fn create_database(
        &self,
        service: &str,
        name: &str,
    ) -> anyhow::Result<ServiceDatabase> {
        self.psql(
            DATABASE,
            &[&format!("service={service}"), &format!("database={name}")],
        )
        .await?;
        Ok(self.database(service, name))
    }

    /// How the two roles of a service reach a database that exists.
    #[must_use]
    pub fn database(&self, service: &str, name: &str) -> ServiceDatabase {
        let url = |role: &str| {
            format!(
                "postgres://{service}_{role}:{ROLE_PASSWORD}@127.0.0.1:{}/{name}",
                self.port
            )
        };
        ServiceDatabase {
            name: name.to_owned(),
            owner_url: url("owner"),
            runtime_url: url("runtime"),
        }
    }

    /// Copies a database, rights included; nobody may be connected to the original.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn copy_database(
        &self,
        service: &str,
        template: &str,
        name: &str,
    ) -> anyhow::Result<ServiceDatabase> {
        const COPY: &str = "\\set ON_ERROR_STOP on\n\
            \\set owner :service _owner\n\\set runtime :service _runtime\n\
            create database :\"database\" owner :\"owner\" template :\"template\";\n\
            revoke all on database :\"database\" from public;\n\
            grant connect on database :\"database\" to :\"runtime\";\n";
        let variables = [
            format!("service={service}"),
            format!("template={template}"),
            format!("database={name}"),
        ];
        self.psql(COPY, &variables.each_ref().map(String::as_str))
            .await?;
        Ok(self.database(service, name))
    }

    /// Removes a database, throwing out whoever uses it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn drop_database(&self, name: &str) -> anyhow::Result<()> {
        const DROP: &str = "drop database if exists :\"database\" with (force);\n";
        self.psql(DROP, &[&format!("database={name}")]).await
    }

    /// Ends every session on a database, as an administrator or a failover would; answers how many.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn terminate_sessions(&self, database: &str) -> anyhow::Result<i64> {
        const TERMINATE: &str = "select count(*) filter (where pg_terminate_backend(pid)) \
            from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()";
        let client = self.connect("postgres").await?;
        let row = client
            .query_one(TERMINATE, &[&database])
            .await
            .context("cannot end the sessions")?;
        Ok(row.get(0))
    }

    /// Runs a script with `psql` as the superuser; names in it are psql's variables.
    ///
    /// # Errors
    /// When a statement fails; its message is in the error.
    pub async fn psql(&self, script: &str, variables: &[&str]) -> anyhow::Result<()> {
        let mut command = tokio::process::Command::new(self.programs.join("psql"));
        command
            .args([
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--host=127.0.0.1",
                "--username=stage",
            ])
            .args(["--dbname=postgres", "--set=ON_ERROR_STOP=1", "--file=-"])
            .arg(format!("--port={}", self.port))
            .env("PGPASSWORD", &self.superuser_password)
            .env("PGOPTIONS", "-c client_min_messages=warning")
            // Over loopback a handshake only costs time.
            .env("PGSSLMODE", "disable")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        for variable in variables {
            command.arg(format!("--set={variable}"));
        }
        let mut child = command.spawn().context("cannot run psql")?;
        let mut input = child.stdin.take().context("psql has no standard input")?;
        input
            .write_all(script.as_bytes())
            .await
            .context("psql does not read its script")?;
        drop(input);
        let output = child.wait_with_output().await.context("psql did not end")?;
        if !output.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }
}

/// Connects to any URL; the connection's task ends with the client.
///
/// # Errors
/// When the server does not let us in.
pub async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .context("cannot connect to PostgreSQL")?;
    // Its error is also the error of the client's next call.
    tokio::spawn(connection);
    Ok(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_reached_through_a_proxy_by_its_port() {
        let address = PostgresAddress {
            port: 1,
            superuser_password: "s".into(),
            programs: PathBuf::new(),
            authority: PathBuf::new(),
        };
        let database = address.database("registry", "one").through(2);
        assert_eq!(
            database.runtime_url,
            format!("postgres://registry_runtime:{ROLE_PASSWORD}@127.0.0.1:2/one")
        );
        assert_eq!(
            database.owner_url,
            format!("postgres://registry_owner:{ROLE_PASSWORD}@127.0.0.1:2/one")
        );
    }
}
