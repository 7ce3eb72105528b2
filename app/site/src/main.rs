//! The program in the browser: makes the pre-rendered page live.

/// The standard library's allocator for browsers is slower and larger.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_arch = "wasm32")]
fn main() {
    use leptos::prelude::*;
    use site::{Route, content::Content, platform};
    use wasm_bindgen::JsCast;

    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    let base = platform::base();
    let path = location().pathname().unwrap_or_default();
    let route = Route::from_path(path.strip_prefix(base.as_str()).unwrap_or(&path));
    let content = Content::of_page();
    leptos::mount::hydrate_from(root.unchecked_into(), move || {
        view! { <site::App base route content /> }
    })
    .forget();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("site is a browser program: cargo xtask serve builds it and shows it");
}
