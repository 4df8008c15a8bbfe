#!/bin/sh
# Makes corpus.txt, 1 MB that compress as text does: words by Zipf's law. Put files of your own in its place.
awk 'BEGIN {
  srand(1); letters = "etaoinshrdlucmfwypvbgkjqxz"
  for (w = 1; w <= 3000; w++) { length_ = 2 + int(8 * rand()); for (i = 0; i < length_; i++) word[w] = word[w] substr(letters, 1 + int(26 * rand()^2), 1) }
  while (bytes < 1000000) { w = int(exp(log(3000) * rand())); if (w < 1) w = 1; bytes += length(word[w]) + 1; printf "%s%s", word[w], rand() < 0.1 ? "\n" : " " }
}' > corpus.txt
