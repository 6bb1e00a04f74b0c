//! A Redis Cluster of real processes.

use std::{iter, time::Instant};

use crate::{Redis, port, wait::PATIENCE};

/// Three servers, each with a third of the keys.
#[derive(Debug)]
pub struct RedisCluster {
    pub servers: Vec<Redis>,
}

impl RedisCluster {
    /// A cluster that keeps everything.
    ///
    /// # Panics
    /// It does not come up.
    pub fn spawn() -> Self {
        let settings = [
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "3000",
        ];
        let servers: Vec<Redis> = iter::repeat_with(|| Redis::at(port::free(), &settings))
            .take(3)
            .collect();
        let cluster = Self { servers };
        let addresses: Vec<String> = cluster.addresses().collect();
        let mut create = vec!["--cluster", "create"];
        create.extend(addresses.iter().map(String::as_str));
        create.push("--cluster-yes");
        cluster.servers[0].ask(&create);
        let deadline = Instant::now() + PATIENCE;
        let is_up = |server: &Redis| {
            server
                .ask(&["CLUSTER", "INFO"])
                .contains("cluster_state:ok")
        };
        while !cluster.servers.iter().all(is_up) {
            assert!(Instant::now() < deadline, "the cluster did not come up");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        cluster
    }

    fn addresses(&self) -> impl Iterator<Item = String> {
        self.servers
            .iter()
            .map(|server| server.address().to_string())
    }

    /// Its address, as `--journal` takes it.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.addresses().collect();
        format!("redis-cluster://{}", addresses.join(","))
    }
}
