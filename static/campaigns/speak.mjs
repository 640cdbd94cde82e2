// Reads a script aloud with the browser's own voice, where it has one.

const voice = window.speechSynthesis;

function read(lines) {
  voice.cancel();
  for (const line of lines) {
    const said = new SpeechSynthesisUtterance(line.textContent.trim());
    said.lang = line.closest("[lang]").lang;
    said.onstart = () => line.classList.add("is-speaking");
    said.onend = () => line.classList.remove("is-speaking");
    voice.speak(said);
  }
}

if (voice) {
  for (const button of document.querySelectorAll(".speak")) {
    button.hidden = false;
    button.addEventListener("click", () => read(button.closest("li").querySelectorAll(".say")));
  }
  const all = document.getElementById("read-all");
  all.hidden = false;
  all.addEventListener("click", () => read(document.querySelectorAll(".say")));
}
