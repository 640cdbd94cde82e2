// Records a comment from the microphone and turns it into what telephones carry: 8 kHz mono WAV.

const SAMPLES_A_SECOND = 8000;

/** Whether this page may ask for a microphone at all: only over https or on this machine. */
export const hasMicrophone = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder);

/** One recording; `level` is told how loud it is, 0 to 1. */
export class Recorder {
  #recorder = null;
  #stream = null;
  #pieces = [];
  #meter = 0;

  /** Open the microphone. Throws when there is none or it is denied. */
  async start(audioContext, level) {
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.#recorder = new MediaRecorder(this.#stream);
    this.#recorder.ondataavailable = (event) => this.#pieces.push(event.data);
    this.#recorder.start();
    const analyser = audioContext.createAnalyser();
    audioContext.createMediaStreamSource(this.#stream).connect(analyser);
    const wave = new Uint8Array(analyser.fftSize);
    this.#meter = setInterval(() => {
      analyser.getByteTimeDomainData(wave);
      level(Math.min(1, Math.max(...wave.map((each) => Math.abs(each - 128))) / 64));
    }, 100);
  }

  /** Close the microphone and return a WAV, or null when nothing was recorded. */
  async stop(audioContext) {
    clearInterval(this.#meter);
    if (this.#recorder?.state === "recording") {
      await new Promise((resolve) => {
        this.#recorder.onstop = resolve;
        this.#recorder.stop();
      });
    }
    this.#stream?.getTracks().forEach((track) => track.stop());
    const whole = new Blob(this.#pieces);
    if (!whole.size) return null;
    try {
      return await toWave(await audioContext.decodeAudioData(await whole.arrayBuffer()));
    } catch {
      return null;
    }
  }
}

async function toWave(sound) {
  const frames = Math.max(1, Math.ceil(sound.duration * SAMPLES_A_SECOND));
  const narrow = new OfflineAudioContext(1, frames, SAMPLES_A_SECOND);
  const source = narrow.createBufferSource();
  source.buffer = sound;
  source.connect(narrow.destination);
  source.start();
  const samples = (await narrow.startRendering()).getChannelData(0);
  const bytes = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const letters = (at, text) => [...text].forEach((each, i) => bytes.setUint8(at + i, each.charCodeAt(0)));
  letters(0, "RIFF");
  bytes.setUint32(4, 36 + 2 * samples.length, true);
  letters(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, SAMPLES_A_SECOND, true);
  bytes.setUint32(28, 2 * SAMPLES_A_SECOND, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  letters(36, "data");
  bytes.setUint32(40, 2 * samples.length, true);
  samples.forEach((each, i) => bytes.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, each)) * 32767, true));
  return new Blob([bytes], { type: "audio/wav" });
}
