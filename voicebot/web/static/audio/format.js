// Audio as it travels between page and server: PCM, 16 bit little-endian, mono. Nothing here touches the page or the network,
// so that worklets may import it too.

export const WIRE_RATE_HZ = 16000;
export const FRAME_SAMPLES = 320; // 20 ms
