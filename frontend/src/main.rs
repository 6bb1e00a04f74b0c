//! The AI Dev Team browser app.

mod access;
mod admin;
mod app;
mod components;
mod frame;
mod json;
mod keys;
mod letters;
mod net;
mod pages;
mod parts;
mod routes;
mod runs;
mod store;
mod toasts;

fn main() {
    app::start();
}
