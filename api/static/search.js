// Fields that suggest things: a combobox as WAI-ARIA describes it, by mouse and by keyboard.
import { h, ask, kind, path } from "/static/dom.js";

const WAIT = 120;

function attach(root) {
  const input = root.querySelector("input[role=combobox]");
  const list = root.querySelector("[role=listbox]");
  const hidden = root.querySelector("input[type=hidden]");
  let items = [];
  let active = -1;
  let timer = 0;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const mark = (index) => {
    active = (index + items.length) % items.length;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const choose = (item) => {
    close();
    if (root.dataset.go === "entity") location.href = `/id/${path(item.id)}`;
    else if (root.dataset.go === "add") {
      input.value = "";
      root.dispatchEvent(new CustomEvent("thing", { detail: item, bubbles: true }));
    } else {
      input.value = item.label;
      hidden.value = item.id;
    }
  };
  const show = (found) => {
    items = found;
    list.replaceChildren(
      ...found.map((item, i) =>
        h("li", { role: "option", id: `${list.id}-${i}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); choose(item); } },
          h("span", {}, item.label),
          h("small", {}, `${item.alias ? `“${item.alias}”, ` : ""}${kind(item.type)}, ${item.docs} doc${item.docs === 1 ? "" : "s"}`)),
      ),
    );
    if (!found.length) list.append(h("li", { class: "none" }, "Nothing is called that; Enter searches the sentences."));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    active = -1;
  };
  const fail = (message) => {
    items = [];
    list.replaceChildren(h("li", { class: "none", role: "alert" }, `${message} Type on, or press Enter to try again.`));
    list.hidden = false;
    active = -1;
  };
  const suggest = async () => {
    const text = input.value.trim();
    const turn = ++asked;
    if (text.length < 2) return close();
    try {
      const answer = await ask(`/api/v1/search?${new URLSearchParams({ q: text, limit: "8" })}`);
      if (turn === asked && document.activeElement === input) show(answer.items);
    } catch (error) {
      if (turn === asked && document.activeElement === input) fail(error.message);
    }
  };
  input.addEventListener("input", () => {
    if (hidden) hidden.value = "";
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden && items.length > 0;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) suggest();
      else mark(active < 0 ? (event.key === "ArrowDown" ? 0 : items.length - 1) : active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && isOpen && (active >= 0 || root.dataset.go === "add")) {
      event.preventDefault();
      choose(items[Math.max(active, 0)]);
    } else if (event.key === "Enter" && root.dataset.go === "add" && input.value.trim()) {
      location.href = `/search?${new URLSearchParams({ q: input.value })}`;
    }
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll(".combo").forEach(attach);
