// The handset's words in both languages. Chinese stands in the page itself; English replaces it.

const ENGLISH = {
  name: "Handset",
  broken: "Connection lost, trying again…",
  setup_title: "Answer this call yourself",
  setup_text:
    "Press the button and this page becomes the telephone of a household. When it rings, answer, listen, and reply with the keys.",
  any: "Answer the next household call",
  own: "Or enter a number",
  hold: "Use this number",
  wrong: "That is not a number. Please try again.",
  samples: "Try one of these households",
  idle_title: "Waiting for a call",
  idle_text: "Keep this page open. When it rings, press the green button.",
  leave: "Choose another number",
  incoming: "Incoming call",
  decline: "Decline",
  answer: "Answer",
  type: "Or type",
  said: "I have finished",
  hang_up: "Hang up",
  again: "Wait for another call",
  call_back: "Call back",
  letters: "Messages",
  news: "New message",
  shut: "Close",
  no_mail: "No messages yet.",
  write_to: "To",
  send: "Send",
  unsent: "Not sent. Please press again.",
};

const SAID = {
  zh: {
    tongue: "English",
    any_number: "接听任何一个住户电话",
    press: "请按键回答",
    pressed: "您按了",
    listen: "请听…",
    comment: "请说出您的意见",
    mic_on: "正在录音，请说话",
    mic_wait: "正在打开话筒…",
    mic_off: "没有话筒，请在下面打字",
    company: (others) => (others > 1 ? `您和另外${others}方正在通话` : "您和对方正在通话"),
    company_on: "请直接说话，对方听得到",
    company_wait: "正在打开话筒…",
    company_off: "没有话筒：您听得到对方，对方听不到您",
    role: (role) => `您扮演${role.head || "这"}家：`,
    not_linked: "您不是这一户的人",
    visited: { true: "干部来过", false: "干部没来过", null: "不记得干部来没来过" },
    solved: { true: "事情解决了", false: "事情没解决", null: "不清楚事情解决没有" },
    score: (score) => `打${score}分`,
    declined: ["没有接", "您没有接这个电话。"],
    missed: ["未接电话", "对方已经挂断。"],
    hung_up: ["您已挂断", "谢谢您。"],
    finished: ["通话结束", "谢谢您的回答。"],
    taken: ["号码已转走", "另一个网页正在使用这个号码。"],
    talked: "通话时长",
  },
  en: {
    tongue: "中文",
    any_number: "Takes any household call",
    press: "Please press a key",
    pressed: "You pressed",
    listen: "Please listen…",
    comment: "Please say what you think",
    mic_on: "Recording, please speak",
    mic_wait: "Opening the microphone…",
    mic_off: "No microphone: please type below",
    company: (others) => (others > 1 ? `You are talking with ${others} others` : "You are talking with the other side"),
    company_on: "Just speak: they can hear you",
    company_wait: "Opening the microphone…",
    company_off: "No microphone: you hear them, they do not hear you",
    role: (role) => `You play the ${role.head || ""} household: `,
    not_linked: "you are not this household",
    visited: { true: "the cadre came", false: "the cadre never came", null: "cannot remember a visit" },
    solved: { true: "the request was solved", false: "the request was not solved", null: "not sure whether it was solved" },
    score: (score) => `score ${score}`,
    declined: ["Declined", "You did not take this call."],
    missed: ["Missed call", "The caller hung up."],
    hung_up: ["You hung up", "Thank you."],
    finished: ["Call ended", "Thank you for your answers."],
    taken: ["Number taken over", "Another page uses this number now."],
    talked: "Talked for",
  },
};

const chinese = new Map();
let language = localStorage.getItem("handset-language") === "en" ? "en" : "zh";

/** The language of this page, for dates and times. */
export const tongue = () => (language === "en" ? "en" : "zh-CN");

/** The words that change while a call goes on. */
export const words = () => SAID[language];

/** Put the page into the language chosen last. */
export function translate() {
  for (const element of document.querySelectorAll("[data-word]")) {
    if (!chinese.has(element)) chinese.set(element, element.textContent);
    element.textContent = language === "en" ? ENGLISH[element.dataset.word] : chinese.get(element);
  }
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  const tongue = document.getElementById("tongue");
  tongue.textContent = words().tongue;
  tongue.lang = language === "en" ? "zh-CN" : "en";
}

/** Change to the other language, and remember it. */
export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  localStorage.setItem("handset-language", language);
  translate();
}

/** Say whom the person plays, or nothing when the exchange does not know. */
export function roleText(role) {
  if (!role) return "";
  const said = words();
  if (!role.is_linked) return said.role(role) + said.not_linked;
  const facts = [said.visited[role.visited], said.solved[role.solved], said.score(role.score)];
  return said.role(role) + facts.join(language === "en" ? ", " : "，");
}
