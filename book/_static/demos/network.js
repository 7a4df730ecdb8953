/* A trained network, computed in the page: what Keras' predict does, for one example.

   An example and all that becomes of it is a Float32Array with a shape, without the batch
   axis. Sums are taken in double precision and kept in single precision. */
"use strict";

demos.network = (function () {
  function tensor(...shape) {
    const made = new Float32Array(shape.reduce((product, length) => product * length, 1));
    made.shape = shape;
    return made;
  }

  /* Each output is its bias and a weighted sum of all inputs. weights: (inputs, outputs) */
  function dense(x, weights, biases) {
    const [inputs, outputs] = weights.shape;
    const y = tensor(outputs);
    for (let j = 0; j < outputs; j++) {
      let sum = biases ? biases[j] : 0;
      for (let i = 0; i < inputs; i++) sum += x[i] * weights[i * outputs + j];
      y[j] = sum;
    }
    return y;
  }

  /* Slide each kernel over the picture: its bias and the weighted sum of what it covers.
     x: (rows, columns, channels), weights: (height, width, channels, kernels) */
  function convolution(x, weights, biases) {
    const [rows, columns, channels] = x.shape;
    const [height, width, , kernels] = weights.shape;
    const y = tensor(rows - height + 1, columns - width + 1, kernels);
    let place = 0; // y is filled in order
    for (let row = 0; row <= rows - height; row++) {
      for (let column = 0; column <= columns - width; column++) {
        for (let k = 0; k < kernels; k++) {
          let sum = biases ? biases[k] : 0;
          let at = k; // weights are read in order, for this kernel
          for (let r = row; r < row + height; r++) {
            for (let c = column; c < column + width; c++) {
              for (let channel = 0; channel < channels; channel++, at += kernels) {
                sum += x[(r * columns + c) * channels + channel] * weights[at];
              }
            }
          }
          y[place++] = sum;
        }
      }
    }
    return y;
  }

  /* Keep the largest number of each block of two by two; an odd last row or column is left. */
  function pooling(x) {
    const [rows, columns, channels] = x.shape;
    const y = tensor(rows >> 1, columns >> 1, channels);
    let place = 0;
    for (let row = 0; row + 1 < rows; row += 2) {
      for (let column = 0; column + 1 < columns; column += 2) {
        for (let channel = 0; channel < channels; channel++) {
          const at = (r, c) => x[((row + r) * columns + column + c) * channels + channel];
          y[place++] = Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
        }
      }
    }
    return y;
  }

  const ACTIVATIONS = {
    linear: (z) => z,
    relu: (z) => z.map((value) => Math.max(0, value)),
    sigmoid: (z) => z.map((value) => 1 / (1 + Math.exp(-value))),
    softmax(z) {
      const largest = Math.max(...z); // taken off, so that exp does not overflow
      const powers = Array.from(z, (value) => Math.exp(value - largest));
      const sum = powers.reduce((total, power) => total + power);
      return Float32Array.from(powers, (power) => power / sum);
    },
  };

  const LAYERS = {
    // as Keras calls them
    Flatten: (x) => x, // the numbers lie in a row already
    Dense: (x, { weights, biases }) => dense(x, weights, biases),
    Conv2D: (x, { weights, biases }) => convolution(x, weights, biases),
    MaxPooling2D: (x) => pooling(x),
  };

  /* Compute the network's output for one example. */
  function predict(layers, x) {
    for (const layer of layers) {
      const z = LAYERS[layer.kind](x, layer);
      x = ACTIVATIONS[layer.activation ?? "linear"](z);
      x.shape = z.shape;
    }
    return x;
  }

  /* Turn whole steps, as they travel, back into weights. */
  function unpack(layers) {
    return layers.map(({ step = 1, ...layer }) => {
      for (const name of ["weights", "biases"]) {
        if (!layer[name]) continue;
        const shape = layer[name].shape;
        layer[name] = Float32Array.from(layer[name], (value) => value * step);
        layer[name].shape = shape;
      }
      return layer;
    });
  }

  return { tensor, convolution, predict, unpack };
})();
