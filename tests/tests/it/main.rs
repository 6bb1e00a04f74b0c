//! Real servers, real sockets: what the product promises, tried from outside.

mod assets;
mod browser;
mod documents;
mod durability;
mod harness;
mod live;
mod rest;
