// What a playout server calls on a template, play() stop() next() update(data), perhaps before any
// module has loaded: it is kept until the overlay listens, and nothing is lost.
(() => {
  const kept = [];
  let listener = (act, data) => kept.push([act, data]);
  for (const act of ["play", "stop", "next", "update", "remove"]) {
    window[act] = (data) => { listener(act, data); };
  }
  window.onPlayout = (listens) => {
    listener = listens;
    for (const [act, data] of kept.splice(0)) listens(act, data);
  };
})();
