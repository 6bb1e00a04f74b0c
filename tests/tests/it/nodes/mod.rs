//! Several servers on one Redis: any of them takes any write, and all of them show the same.

mod agents;
mod cluster;
mod copy;
mod failover;
mod faults;
mod following;
mod nginx;
mod presence;
mod sessions;
mod writing;
