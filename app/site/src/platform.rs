//! Everything that touches the browser besides the document itself. While a
//! page is pre-rendered there is no browser: the native versions are honest
//! about that, so that components need no conditions of their own.

#[cfg(target_arch = "wasm32")]
mod browser {
    use gloo::storage::{LocalStorage, Storage};
    use wasm_bindgen::prelude::*;

    // Set by web/boot.js before the program starts.
    #[wasm_bindgen(js_namespace = armorlab)]
    extern "C" {
        #[wasm_bindgen(thread_local_v2, js_name = base)]
        static BASE: String;
        #[wasm_bindgen(catch, js_name = ask)]
        async fn engine_ask(message: &str, limit_ms: u32) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_name = openEditor)]
        async fn open_editor(
            host: &web_sys::Element,
            text: &str,
            language: &str,
            label: &str,
            on_change: &Closure<dyn FnMut(String)>,
        ) -> Result<JsValue, JsValue>;
    }

    #[wasm_bindgen]
    extern "C" {
        type EditorHandle;
        #[wasm_bindgen(method, js_name = setText)]
        fn set_text(this: &EditorHandle, text: &str);
        #[wasm_bindgen(method)]
        fn focus(this: &EditorHandle);
        #[wasm_bindgen(method)]
        fn close(this: &EditorHandle);
    }

    fn message(error: JsValue) -> String {
        js_sys::Error::from(error).message().into()
    }

    /// Where the site is mounted: `""` or `"/course"`.
    pub fn base() -> String {
        BASE.with(Clone::clone)
    }

    /// Sends one message to the lab engine and gives its answer, both JSON.
    /// The engine is fetched and started on first use. After `limit_ms`
    /// milliseconds (0: none), or a fault in the engine, the error says so and
    /// the next call starts a fresh engine, which remembers nothing.
    pub async fn ask(text: &str, limit_ms: u32) -> Result<String, String> {
        match engine_ask(text, limit_ms).await {
            Ok(answer) => answer
                .as_string()
                .ok_or_else(|| "the engine gave no text".to_owned()),
            Err(error) => Err(message(error)),
        }
    }

    /// The text kept on this device under `key`.
    pub fn load(key: &str) -> Option<String> {
        LocalStorage::get(key).ok()
    }

    /// Keeps `value` on this device; false where the browser refuses (a full
    /// or forbidden storage).
    pub fn save(key: &str, value: &str) -> bool {
        LocalStorage::set(key, value).is_ok()
    }

    /// Forgets what is kept under `key`.
    pub fn forget(key: &str) {
        LocalStorage::delete(key);
    }

    /// An open editor; it closes when this is dropped.
    pub struct Editor {
        handle: EditorHandle,
        _on_change: Closure<dyn FnMut(String)>,
    }

    impl Editor {
        /// Opens an editor inside `host`; `on_change` gets the whole text
        /// after each change made by the person, not after `set_text`.
        pub async fn open(
            host: web_sys::Element,
            text: &str,
            language: &str,
            label: &str,
            on_change: impl FnMut(String) + 'static,
        ) -> Result<Self, String> {
            let on_change = Closure::new(on_change);
            match open_editor(&host, text, language, label, &on_change).await {
                Ok(handle) => Ok(Self {
                    handle: handle.unchecked_into(),
                    _on_change: on_change,
                }),
                Err(error) => Err(message(error)),
            }
        }

        /// Replaces the whole text.
        pub fn set_text(&self, text: &str) {
            self.handle.set_text(text);
        }

        /// Puts the cursor into the editor.
        pub fn focus(&self) {
            self.handle.focus();
        }
    }

    impl Drop for Editor {
        fn drop(&mut self) {
            self.handle.close();
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    /// No address: the pre-renderer passes the base to the pages itself.
    pub fn base() -> String {
        String::new()
    }

    /// There is no engine while a page is pre-rendered.
    #[allow(clippy::unused_async)]
    pub async fn ask(_text: &str, _limit_ms: u32) -> Result<String, String> {
        Err("no engine while a page is pre-rendered".to_owned())
    }

    /// Nothing is kept.
    pub fn load(_key: &str) -> Option<String> {
        None
    }

    /// Keeps nothing.
    pub fn save(_key: &str, _value: &str) -> bool {
        false
    }

    /// Nothing to forget.
    pub fn forget(_key: &str) {}
}

#[cfg(target_arch = "wasm32")]
pub use browser::*;
#[cfg(not(target_arch = "wasm32"))]
pub use native::*;
