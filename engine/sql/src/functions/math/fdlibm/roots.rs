//! Roots, and the angle of a point (`s_cbrt.c`, `e_hypot.c`, `e_atan2.c`).

use super::{high, of_high, with_high};

pub(in super::super) fn cbrt(number: f64) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number + number;
    }
    let x = number.abs();
    let hx = high(x);
    let estimate = if hx < 0x0010_0000 {
        // 2^54 makes a subnormal number a normal one.
        high(of_high(0x4350_0000) * x) / 3 + 696_219_795
    } else {
        hx / 3 + 715_094_163
    };
    let mut t = of_high(estimate);
    let r = t * t / x;
    let s = 19.0 / 35.0 + r * t;
    t *= 5.0 / 14.0 + 45.0 / 28.0 / (s + 99.0 / 70.0 + -864.0 / 1225.0 / s);
    // 20 bits, and no less than the root.
    t = of_high(high(t) + 1);
    let r = x / (t * t);
    let r = (r - t) / (t + t + r);
    (t + t * r).copysign(number)
}

pub(in super::super) fn hypot(x: f64, y: f64) -> f64 {
    let mut ha = high(x) & 0x7fff_ffff;
    let mut hb = high(y) & 0x7fff_ffff;
    let mut a = x.abs();
    let mut b = y.abs();
    if hb > ha {
        (a, b) = (b, a);
        (ha, hb) = (hb, ha);
    }
    if a.is_infinite() || b.is_infinite() {
        return f64::INFINITY;
    }
    if ha - hb > 0x3c0_0000 || a.is_nan() {
        return a + b;
    }
    let mut k = 0;
    if ha > 0x5f30_0000 {
        ha -= 0x2580_0000;
        hb -= 0x2580_0000;
        k += 600;
        (a, b) = (with_high(a, ha), with_high(b, hb));
    }
    if hb < 0x20b0_0000 {
        if hb <= 0xf_ffff {
            if b == 0.0 {
                return a;
            }
            let scale = of_high(0x7fd0_0000);
            (a, b) = (a * scale, b * scale);
            (ha, hb) = (high(a), high(b));
            k -= 1022;
        } else {
            ha += 0x2580_0000;
            hb += 0x2580_0000;
            k -= 600;
            (a, b) = (with_high(a, ha), with_high(b, hb));
        }
    }
    let difference = a - b;
    let root = if difference > b {
        let t1 = of_high(ha);
        let t2 = a - t1;
        (t1 * t1 - (b * (-b) - t2 * (a + t1))).sqrt()
    } else {
        a += a;
        let y1 = of_high(hb);
        let y2 = b - y1;
        let t1 = of_high(ha + 0x0010_0000);
        let t2 = a - t1;
        (t1 * y1 - (difference * (-difference) - (t1 * y2 + t2 * b))).sqrt()
    };
    if k == 0 {
        root
    } else {
        with_high(1.0, 0x3ff0_0000 + (k << 20)) * root
    }
}

pub(in super::super) fn atan2(y: f64, x: f64) -> f64 {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};
    const PI_LOW: f64 = 1.224_646_799_147_353_177_2e-16;
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == 1.0 {
        return libm::atan(y);
    }
    let is_left = x.is_sign_negative();
    if y == 0.0 {
        return if is_left { PI.copysign(y) } else { y };
    }
    if x == 0.0 {
        return FRAC_PI_2.copysign(y);
    }
    if x.is_infinite() {
        let angle = match (y.is_infinite(), is_left) {
            (true, false) => FRAC_PI_4,
            (true, true) => 3.0 * FRAC_PI_4,
            (false, false) => 0.0,
            (false, true) => PI,
        };
        return angle.copysign(y);
    }
    if y.is_infinite() {
        return FRAC_PI_2.copysign(y);
    }
    let k = ((high(y) & 0x7fff_ffff) - (high(x) & 0x7fff_ffff)) >> 20;
    let z = if k > 60 {
        FRAC_PI_2 + 0.5 * PI_LOW
    } else if is_left && k < -60 {
        0.0
    } else {
        libm::atan((y / x).abs())
    };
    match (is_left, y < 0.0) {
        (false, false) => z,
        (false, true) => -z,
        (true, false) => PI - (z - PI_LOW),
        (true, true) => (z - PI_LOW) - PI,
    }
}
