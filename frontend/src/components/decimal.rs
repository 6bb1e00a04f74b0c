//! Fractions as text, by the browser's own means: those of the standard library weigh as much as a page of ours.

/// The number with so many digits behind the point.
pub fn decimal(number: f64, digits: u8) -> String {
    js_sys::Number::from(number)
        .to_fixed(digits)
        .map_or_else(|_| String::new(), String::from)
}
