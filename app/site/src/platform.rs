//! Everything that touches the browser besides the document itself. While a
//! page is pre-rendered there is no browser: the native versions are honest
//! about that, so that components need no conditions of their own.

#[cfg(target_arch = "wasm32")]
mod browser {
    use gloo::utils::{document, window};
    use wasm_bindgen::prelude::*;

    // Set by web/boot.js before the program starts.
    #[wasm_bindgen(js_namespace = armorlab)]
    extern "C" {
        #[wasm_bindgen(thread_local_v2, js_name = base)]
        static BASE: String;
        #[wasm_bindgen(js_name = ask)]
        fn engine_ask(message: &str, limit_ms: u32) -> js_sys::Promise;
        #[wasm_bindgen(catch, js_name = open)]
        async fn editor_open(
            area: &web_sys::HtmlTextAreaElement,
            ask: &JsValue,
        ) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(js_name = show)]
        fn editor_show(area: &web_sys::HtmlTextAreaElement, json: &str);
        #[wasm_bindgen(js_name = place)]
        fn editor_place(area: &web_sys::HtmlTextAreaElement, at: usize);
        #[wasm_bindgen(catch)]
        fn read(name: &str) -> Result<Option<String>, JsValue>;
        #[wasm_bindgen(catch)]
        fn write(name: &str, json: &str) -> Result<(), JsValue>;
        #[wasm_bindgen(js_name = forget)]
        fn forget_kept(name: &str);
        fn watch(changed: &Closure<dyn Fn(String)>);
        fn news(told: &Closure<dyn Fn(String)>);
        fn progress();
        #[wasm_bindgen(catch, js_name = score)]
        fn keep_score(id: &str, seed: u8, points: u32) -> Result<u32, JsValue>;
    }

    /// Where the site is mounted: `""` or `"/course"`.
    pub fn base() -> String {
        BASE.with(Clone::clone)
    }

    /// Sends one message to the lab engine and gives its answer, both JSON.
    /// The engine is fetched and started on first use. After `limit_ms`
    /// milliseconds (0: none), or a fault in the engine, the error says so and
    /// the next call starts a fresh engine, which remembers nothing. The message
    /// is on its way when this returns.
    pub fn ask(text: &str, limit_ms: u32) -> impl Future<Output = Result<String, String>> + use<> {
        let answer = wasm_bindgen_futures::JsFuture::from(engine_ask(text, limit_ms));
        async move {
            match answer.await {
                Ok(answer) => answer
                    .as_string()
                    .ok_or_else(|| "the engine gave no text".to_owned()),
                Err(error) => Err(words(error)),
            }
        }
    }

    /// Opens the code editor over a text area; false when it cannot be fetched.
    /// It asks `ask` to `suggest` or `explain` at a byte of a text, and is
    /// answered with the engine's JSON; empty when there is no answer.
    pub async fn open_editor<A>(
        area: &web_sys::HtmlTextAreaElement,
        ask: impl Fn(&str, String, usize) -> A + 'static,
    ) -> bool
    where
        A: Future<Output = String> + 'static,
    {
        let ask = Closure::<dyn Fn(String, String, usize) -> js_sys::Promise>::new(
            move |what: String, text: String, at: usize| {
                let answer = ask(&what, text, at);
                wasm_bindgen_futures::future_to_promise(
                    async move { Ok(JsValue::from(answer.await)) },
                )
            },
        );
        editor_open(area, &ask.into_js_value()).await.is_ok()
    }

    /// Shows in the editor over a text area what is known of its file.
    pub fn show_in_editor(area: &web_sys::HtmlTextAreaElement, json: &str) {
        editor_show(area, json);
    }

    /// Puts the editor's cursor at a byte of its text and brings it into sight.
    pub fn place_in_editor(area: web_sys::HtmlTextAreaElement, at: usize) {
        // Out of its own turn: the panel may only now become visible.
        leptos::task::spawn_local(async move { editor_place(&area, at) });
    }

    /// The JSON kept on this device under `name`, or why it cannot be read.
    pub fn load(name: &str) -> Result<Option<String>, String> {
        read(name).map_err(words)
    }

    /// Keeps JSON on this device, or says why the browser does not.
    pub fn save(name: &str, json: &str) -> Result<(), String> {
        write(name, json).map_err(words)
    }

    /// Forgets what is kept under `name`.
    pub fn forget(name: &str) {
        forget_kept(name);
    }

    /// Calls `changed` with the name whenever another tab keeps something; with
    /// an empty one when it forgets everything. For the life of the page.
    pub fn on_storage(changed: impl Fn(String) + 'static) {
        let closure = Closure::<dyn Fn(String)>::new(changed);
        watch(&closure);
        closure.forget();
    }

    /// Calls `told` with what the engine tells between its answers, and with what
    /// a lab's tools have to tell, for the life of the page.
    pub fn on_news(told: impl Fn(String) + 'static) {
        let closure = Closure::<dyn Fn(String)>::new(told);
        news(&closure);
        closure.forget();
    }

    /// Keeps a challenge's score when it is the best of its draw so far; gives
    /// the best, or says why the browser does not keep it.
    pub fn best_score(id: &str, seed: u8, points: u32) -> Result<u32, String> {
        keep_score(id, seed, points).map_err(words)
    }

    /// Shows what is known of the learner's progress on the page as it stands.
    pub fn show_progress() {
        progress();
    }

    fn words(error: JsValue) -> String {
        js_sys::Error::from(error).message().into()
    }

    /// The part of the page's address behind its `#`, when it carries a state: it begins with a digit.
    pub fn fragment() -> Option<String> {
        let hash = window().location().hash().ok()?;
        let fragment = hash.strip_prefix('#')?;
        fragment
            .starts_with(|letter: char| letter.is_ascii_digit())
            .then(|| fragment.to_owned())
    }

    /// The page's address with this behind its `#`.
    pub fn address_with(fragment: &str) -> String {
        let location = window().location();
        let origin = location.origin().unwrap_or_default();
        let path = location.pathname().unwrap_or_default();
        format!("{origin}{path}#{fragment}")
    }

    /// Prints the page.
    pub fn print() {
        let _ = gloo::utils::window().print();
    }

    /// The address of a text that is to be saved as a file.
    pub fn data_address(text: &str) -> String {
        format!(
            "data:application/json;charset=utf-8,{}",
            js_sys::encode_uri_component(text)
        )
    }

    /// Asks a question that can be answered with yes or no.
    pub fn confirm(question: &str) -> bool {
        gloo::dialogs::confirm(question)
    }

    /// Puts the cursor at an offset in UTF-16 units and brings it into sight.
    pub fn place_cursor(area: web_sys::HtmlTextAreaElement, at: usize) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        // Out of its own turn: the panel may only now become visible.
        leptos::task::spawn_local(async move {
            area.focus().ok();
            area.set_selection_range(at, at).ok();
            area.scroll_into_view_with_bool(false);
        });
    }

    /// Moves the focus to the element with this id.
    pub fn focus(id: &str) {
        if let Some(element) = document().get_element_by_id(id) {
            element
                .unchecked_into::<web_sys::HtmlElement>()
                .focus()
                .ok();
        }
    }

    /// Opens the `<details>` inside the element with this id and shows it.
    pub fn open_details(id: &str) {
        if let Some(row) = document().get_element_by_id(id)
            && let Ok(Some(details)) = row.query_selector("details")
        {
            details.set_attribute("open", "").ok();
            row.scroll_into_view();
        }
    }

    /// Checks the radio button with this id, as a click would.
    pub fn choose(id: &str) {
        if let Some(element) = document().get_element_by_id(id) {
            element
                .unchecked_into::<web_sys::HtmlInputElement>()
                .set_checked(true);
        }
    }

    /// What the attribute holds that the clicked element or one around it has.
    pub fn clicked(event: &web_sys::MouseEvent, attribute: &str) -> Option<String> {
        let target: web_sys::Element = event.target()?.dyn_into().ok()?;
        target
            .closest(&format!("[{attribute}]"))
            .ok()
            .flatten()?
            .get_attribute(attribute)
    }

    /// Scrolls the element with this id to its end, once it is drawn.
    pub fn scroll_to_end(id: &'static str) {
        leptos::task::spawn_local(async move {
            if let Some(element) = document().get_element_by_id(id) {
                element.set_scroll_top(element.scroll_height());
            }
        });
    }

    /// The text inside the element with this id.
    pub fn element_text(id: &str) -> Option<String> {
        document().get_element_by_id(id)?.text_content()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    /// No address: the pre-renderer passes the base to the pages itself.
    pub fn base() -> String {
        String::new()
    }

    /// There is no engine while a page is pre-rendered.
    pub fn ask(
        _text: &str,
        _limit_ms: u32,
    ) -> impl Future<Output = Result<String, String>> + use<> {
        std::future::ready(Err("no engine while a page is pre-rendered".to_owned()))
    }

    /// There is no editor while a page is pre-rendered.
    #[expect(clippy::unused_async, reason = "the browser's version waits")]
    pub async fn open_editor<A>(
        _area: &impl Sized,
        _ask: impl Fn(&str, String, usize) -> A,
    ) -> bool {
        false
    }

    /// There is no editor.
    pub fn show_in_editor(_area: &impl Sized, _json: &str) {}

    /// There is no editor.
    pub fn place_in_editor(_area: impl Sized, _at: usize) {}

    /// Nothing is kept.
    pub fn load(_name: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    /// Keeps nothing.
    pub fn save(_name: &str, _json: &str) -> Result<(), String> {
        Err("there is no browser".to_owned())
    }

    /// Nothing to forget.
    pub fn forget(_name: &str) {}

    /// There are no other tabs.
    pub fn on_storage(_changed: impl Fn(String) + 'static) {}

    /// There is no engine, and there are no tools.
    pub fn on_news(_told: impl Fn(String) + 'static) {}

    /// Nothing is known.
    pub fn show_progress() {}

    /// Keeps nothing.
    pub fn best_score(_id: &str, _seed: u8, points: u32) -> Result<u32, String> {
        Ok(points)
    }

    /// There is no address yet.
    pub fn fragment() -> Option<String> {
        None
    }

    /// There is no address yet.
    pub fn address_with(fragment: &str) -> String {
        format!("#{fragment}")
    }

    /// There is no printer.
    pub fn print() {}

    /// Nothing can be saved yet.
    pub fn data_address(_text: &str) -> String {
        String::new()
    }

    /// Nobody answers.
    pub fn confirm(_question: &str) -> bool {
        false
    }

    /// There is no cursor.
    pub fn place_cursor(_area: impl Sized, _at: usize) {}

    /// There is no focus.
    pub fn focus(_id: &str) {}

    /// Nothing opens.
    pub fn open_details(_id: &str) {}

    /// There are no buttons.
    pub fn choose(_id: &str) {}

    /// Nobody clicks.
    pub fn clicked(_event: &impl Sized, _attribute: &str) -> Option<String> {
        None
    }

    /// Nothing scrolls.
    pub fn scroll_to_end(_id: &'static str) {}

    /// There is no document yet.
    pub fn element_text(_id: &str) -> Option<String> {
        None
    }
}

#[cfg(target_arch = "wasm32")]
pub use browser::*;
#[cfg(not(target_arch = "wasm32"))]
pub use native::*;
