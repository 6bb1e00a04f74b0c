//! Several servers on one Redis: any of them takes any write, and all of them show the same.

mod agents;
mod behind;
mod cluster;
mod copy;
mod deaf;
mod emptied;
mod failover;
mod faults;
mod following;
mod nginx;
mod organizations;
mod presence;
mod providers;
mod sessions;
mod tls;
mod writing;
