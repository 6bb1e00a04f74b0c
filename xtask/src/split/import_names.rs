//! Names for what WebAssembly imports from its script that compress well.
//!
//! wasm-bindgen ends each with sixteen random digits, once in the module and once in the script: a fiftieth of what is
//! loaded. They only have to differ, so they are counted instead. A name keeps its length, and with it everything around
//! it its place.

use std::collections::HashMap;

const PREFIXES: [&[u8]; 2] = [b"__wbg_", b"__wbindgen_"];
const DIGITS: usize = 16;

/// The names given so far, by those they stand for.
#[derive(Default)]
pub struct ImportNames(HashMap<Vec<u8>, Vec<u8>>);

impl ImportNames {
    /// `content`, a module or its script, with the short names in it.
    pub fn shorten(&mut self, mut content: Vec<u8>) -> Vec<u8> {
        let mut at = 0;
        while at < content.len() {
            let Some(length) = import_name(&content[at..]) else {
                at += 1;
                continue;
            };
            let name = &mut content[at..at + length];
            let next = self.0.len();
            let short = self
                .0
                .entry(name.to_vec())
                .or_insert_with(|| format!("{next:_>length$x}").into_bytes());
            name.copy_from_slice(short);
            at += length;
        }
        content
    }
}

/// The length of the name that `content` begins with.
fn import_name(content: &[u8]) -> Option<usize> {
    PREFIXES.iter().find(|prefix| content.starts_with(prefix))?;
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let name: &[u8] = content.split(|byte| !is_of_name(byte)).next()?;
    let (rest, digits) = name.split_last_chunk::<DIGITS>()?;
    let is_random = rest.ends_with(b"_") && digits.iter().all(u8::is_ascii_hexdigit);
    is_random.then_some(name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_module_and_script_and_keeps_its_length() {
        let mut names = ImportNames::default();
        let module =
            b"\x1b__wbg_now_0123456789abcdef\0\x02;__wbg_click_fedcba9876543210\0".to_vec();
        let module = names.shorten(module);
        assert_eq!(
            module,
            b"\x1b_________________________0\0\x02;___________________________1\0"
        );
        let script =
            b"{__wbg_click_fedcba9876543210:f,__wbg_now_0123456789abcdef(){},__wbindgen_malloc}";
        assert_eq!(
            names.shorten(script.to_vec()),
            b"{___________________________1:f,_________________________0(){},__wbindgen_malloc}"
        );
    }
}
