//! Real servers, real sockets: what the product promises, tried from outside.

mod browser;
mod harness;
mod live;
mod rest;
