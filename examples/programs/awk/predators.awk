# A simulator of predators and prey (Lotka-Volterra), as one finds them: it reads its settings from a file and writes a table.
#
#     awk -f predators.awk settings.txt > table.txt
#
# dx/dt = a x - b x y,  dy/dt = c x y - d y; fourth-order Runge-Kutta, one line a year.
$1 == "a" || $1 == "b" || $1 == "c" || $1 == "d" || $1 == "x" || $1 == "y" || $1 == "years" { setting[$1] = $3 }
function fx(x, y) { return setting["a"] * x - setting["b"] * x * y }
function fy(x, y) { return setting["c"] * x * y - setting["d"] * y }
END {
  x = setting["x"]; y = setting["y"]; h = 0.02
  for (year = 0; year <= setting["years"]; year++) {
    printf "%d %.10g %.10g\n", year, x, y
    for (step = 0; step < 50; step++) {
      k1 = fx(x, y); l1 = fy(x, y)
      k2 = fx(x + h/2*k1, y + h/2*l1); l2 = fy(x + h/2*k1, y + h/2*l1)
      k3 = fx(x + h/2*k2, y + h/2*l2); l3 = fy(x + h/2*k2, y + h/2*l2)
      k4 = fx(x + h*k3, y + h*l3); l4 = fy(x + h*k3, y + h*l3)
      x += h/6 * (k1 + 2*k2 + 2*k3 + k4); y += h/6 * (l1 + 2*l2 + 2*l3 + l4)
      if (x > 1e6 || y > 1e6 || x < 0 || y < 0) { print "the populations exploded in year " year > "/dev/stderr"; exit 1 }
    }
  }
}
