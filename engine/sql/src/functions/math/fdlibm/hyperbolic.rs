//! Hyperbolic functions and their inverses (`e_sinh.c`, `e_cosh.c`, `s_tanh.c`, `s_asinh.c`, `e_acosh.c`).

use std::f64::consts::LN_2;

use libm::{exp, expm1};

use super::{high, log, log1p, low};

/// True of a number whose half has an exponential that can be squared.
fn has_square(x: f64) -> bool {
    let size = high(x) & 0x7fff_ffff;
    size < 0x4086_33ce || size == 0x4086_33ce && low(x) <= 0x8fb9_f87d
}

pub(in super::super) fn sinh(x: f64) -> f64 {
    let size = high(x) & 0x7fff_ffff;
    if size >= 0x7ff0_0000 {
        return x + x;
    }
    let h = if x < 0.0 { -0.5 } else { 0.5 };
    if size < 0x4036_0000 {
        if size < 0x3e30_0000 {
            return x;
        }
        let t = expm1(x.abs());
        if size < 0x3ff0_0000 {
            return h * (2.0 * t - t * t / (t + 1.0));
        }
        return h * (t + t / (t + 1.0));
    }
    if size < 0x4086_2e42 {
        return h * exp(x.abs());
    }
    if has_square(x) {
        let w = exp(0.5 * x.abs());
        return h * w * w;
    }
    x * 1e307
}

pub(in super::super) fn cosh(x: f64) -> f64 {
    let size = high(x) & 0x7fff_ffff;
    if size >= 0x7ff0_0000 {
        return x * x;
    }
    if size < 0x3fd6_2e43 {
        let t = expm1(x.abs());
        let w = 1.0 + t;
        return if size < 0x3c80_0000 {
            w
        } else {
            1.0 + (t * t) / (w + w)
        };
    }
    if size < 0x4036_0000 {
        let t = exp(x.abs());
        return 0.5 * t + 0.5 / t;
    }
    if size < 0x4086_2e42 {
        return 0.5 * exp(x.abs());
    }
    if has_square(x) {
        let w = exp(0.5 * x.abs());
        return 0.5 * w * w;
    }
    f64::INFINITY
}

pub(in super::super) fn tanh(x: f64) -> f64 {
    let size = high(x) & 0x7fff_ffff;
    if x.is_nan() || size < 0x3c80_0000 {
        return x * (1.0 + x);
    }
    let z = if size >= 0x4036_0000 {
        1.0
    } else if size >= 0x3ff0_0000 {
        1.0 - 2.0 / (expm1(2.0 * x.abs()) + 2.0)
    } else {
        let t = expm1(-2.0 * x.abs());
        -t / (t + 2.0)
    };
    if x < 0.0 { -z } else { z }
}

pub(in super::super) fn asinh(x: f64) -> f64 {
    let size = high(x) & 0x7fff_ffff;
    if size >= 0x7ff0_0000 {
        return x + x;
    }
    if size < 0x3e30_0000 {
        return x;
    }
    let t = x.abs();
    let w = if size > 0x41b0_0000 {
        log(t) + LN_2
    } else if size > 0x4000_0000 {
        log(2.0 * t + 1.0 / ((x * x + 1.0).sqrt() + t))
    } else {
        let t = x * x;
        log1p(x.abs() + t / (1.0 + (1.0 + t).sqrt()))
    };
    w.copysign(x)
}

pub(in super::super) fn acosh(x: f64) -> f64 {
    if x.is_nan() || x < 1.0 {
        return f64::NAN;
    }
    let hx = high(x);
    if hx >= 0x7ff0_0000 {
        return x + x;
    }
    if hx >= 0x41b0_0000 {
        return log(x) + LN_2;
    }
    if x == 1.0 {
        return 0.0;
    }
    if hx > 0x4000_0000 {
        let t = x * x;
        return log(2.0 * x - 1.0 / (x + (t - 1.0).sqrt()));
    }
    let t = x - 1.0;
    log1p(t + (2.0 * t + t * t).sqrt())
}
