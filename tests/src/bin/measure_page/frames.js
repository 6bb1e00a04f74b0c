// Does something in each of so many frames and answers how long the page's thread was busy with each, in milliseconds:
// from the beginning of the frame until it is drawn. arguments: what to do in a frame, frames, done.
const [act, frames, done] = arguments;
const step = { scroll, drag, nothing }[act];
const busy = [];
const drawn = new MessageChannel();
let begun = 0;
drawn.port1.onmessage = () => {
  busy.push(performance.now() - begun);
  if (busy.length < frames) return requestAnimationFrame(frame);
  if (act === "drag") press("pointerup");
  done(busy);
};
if (act === "drag") take();
requestAnimationFrame(frame);

function frame(start) {
  begun = start;
  step(busy.length);
  // A message is heard only after the frame has been laid out and painted.
  drawn.port2.postMessage(null);
}

function nothing() {}

function scroll(n) {
  const list = document.querySelector(".virtual");
  // Down, and up again.
  list.scrollTop += n < frames / 2 ? 400 : -400;
}

// In circles over the whole list, as a hand that looks for a place.
function drag(n) {
  const at = n / 8;
  press("pointermove", 640 + 420 * Math.cos(at), 480 + 240 * Math.sin(at * 1.7));
}

function take() {
  const at = document.querySelector(".virtual-item > *").getBoundingClientRect();
  press("pointerdown", at.left + at.width / 2, at.top + 8);
  press("pointermove", at.left + at.width / 2 + 20, at.top + 20);
}

function press(type, x = 640, y = 480) {
  const target = document.elementFromPoint(x, y) ?? document.body;
  const pointer = { pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, buttons: 1 };
  target.dispatchEvent(new PointerEvent(type, { ...pointer, clientX: x, clientY: y, bubbles: true, cancelable: true }));
}
