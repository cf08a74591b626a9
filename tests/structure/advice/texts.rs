//! Texts of advice in a source file.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, FnArg, Lit, Member, Pat, Stmt, Token};

use crate::printing::is_test;

/// Start of advice inside of a message.
const MARK: &str = "help: ";
/// Methods that return one of their arguments, or what a closure among them returns.
const CHOICES: [&str; 8] =
    ["unwrap_or", "unwrap_or_else", "map", "map_or", "map_or_else", "then", "then_some", "or_else"];

/// Functions and closures with a parameter for advice, with its position.
pub(super) type Takers = BTreeMap<String, usize>;

/// Returns whether a variable, parameter, field or function of this name holds advice.
fn is_advice(name: &str) -> bool {
    let is = |word: &str| name == word || name.ends_with(&format!("_{word}"));
    // `after_help` is clap's: the end of a page of help.
    ["help", "advice", "hint", "example"].into_iter().any(is) && name != "after_help"
}

/// Returns whether a text is a lone placeholder, which is filled with advice that is made elsewhere.
fn is_passed_on(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix(MARK).unwrap_or(text);
    text.starts_with('{') && text.ends_with('}') && text.matches('{').count() == 1
}

fn ident(pat: &Pat) -> Option<String> {
    match pat {
        Pat::Ident(one) => Some(one.ident.to_string()),
        Pat::Type(typed) => ident(&typed.pat),
        _ => None,
    }
}

/// Functions and methods of a crate that take advice.
pub(super) fn takers<'a>(files: impl Iterator<Item = &'a syn::File>) -> Takers {
    struct Functions(Takers);
    impl<'ast> Visit<'ast> for Functions {
        fn visit_signature(&mut self, one: &'ast syn::Signature) {
            let parameters = one.inputs.iter().filter_map(|input| match input {
                FnArg::Typed(typed) => Some(ident(&typed.pat).unwrap_or_default()),
                FnArg::Receiver(_) => None,
            });
            if let Some(at) = parameters.into_iter().position(|name| is_advice(&name)) {
                self.0.insert(one.ident.to_string(), at);
            }
        }
    }
    let mut found = Functions(Takers::new());
    files.for_each(|file| found.visit_file(file));
    found.0
}

/// Visitor that collects the advice of one file.
#[derive(Default)]
pub(super) struct Advice {
    pub(super) texts: BTreeSet<String>,
    /// Calls whose advice is none of the known forms.
    pub(super) hidden: Vec<String>,
    takers: Takers,
    /// Closures of the file that take advice.
    closures: Takers,
}

impl Advice {
    pub(super) fn of(file: &syn::File, takers: &Takers) -> Self {
        let mut found = Self { takers: takers.clone(), ..Self::default() };
        found.visit_file(file);
        found.texts.retain(|text| !is_passed_on(text));
        found
    }

    /// Records the advice that is passed to a function or field.
    fn take(&mut self, expr: &Expr, of: &str) {
        let texts = values(expr);
        if texts.is_empty() && !mentions_advice(expr) {
            self.hidden.push(of.to_owned());
        }
        self.texts.extend(texts);
    }
}

/// Arguments of a macro or an attribute.
type Exprs = Punctuated<Expr, Token![,]>;

/// Texts that `expr` may have as its value. Of a format string, the string.
fn values(expr: &Expr) -> Vec<String> {
    let last = |block: &syn::Block| match block.stmts.last() {
        Some(Stmt::Expr(expr, None)) => values(expr),
        Some(Stmt::Macro(one)) if one.semi_token.is_none() => of_macro(&one.mac),
        _ => Vec::new(),
    };
    match expr {
        Expr::Lit(one) => match &one.lit {
            Lit::Str(text) => vec![text.value()],
            _ => Vec::new(),
        },
        Expr::Macro(one) => of_macro(&one.mac),
        Expr::Reference(one) => values(&one.expr),
        Expr::Paren(one) => values(&one.expr),
        Expr::Group(one) => values(&one.expr),
        Expr::Block(one) => last(&one.block),
        Expr::If(one) => {
            let other = one.else_branch.iter().flat_map(|(_, other)| values(other));
            last(&one.then_branch).into_iter().chain(other).collect()
        }
        Expr::Match(one) => one.arms.iter().flat_map(|arm| values(&arm.body)).collect(),
        Expr::Closure(one) => values(&one.body),
        Expr::Call(one) => one.args.iter().filter(|_| is_wrapper(&one.func)).flat_map(values).collect(),
        Expr::MethodCall(one) => {
            let chosen = CHOICES.contains(&one.method.to_string().as_str());
            let arguments = one.args.iter().filter(|_| chosen).flat_map(values);
            values(&one.receiver).into_iter().chain(arguments).collect()
        }
        _ => Vec::new(),
    }
}

fn of_macro(one: &syn::Macro) -> Vec<String> {
    let arguments = one.parse_body_with(Exprs::parse_terminated).unwrap_or_default();
    arguments.first().filter(|_| one.path.is_ident("format")).map(values).unwrap_or_default()
}

/// `Some(..)`, `String::from(..)` and the like.
fn is_wrapper(function: &Expr) -> bool {
    let Expr::Path(path) = function else { return false };
    path.path.segments.last().is_some_and(|last| ["Some", "Ok", "from"].contains(&last.ident.to_string().as_str()))
}

/// Returns whether an expression names a variable, field or function of advice, whose text is collected elsewhere.
fn mentions_advice(expr: &Expr) -> bool {
    struct Mentions(bool);
    impl<'ast> Visit<'ast> for Mentions {
        fn visit_ident(&mut self, name: &'ast syn::Ident) {
            self.0 |= is_advice(&name.to_string());
        }
    }
    let mut found = Mentions(false);
    found.visit_expr(expr);
    found.0
}

/// The parts of `expr` at `index`, if it is a tuple or a choice of tuples.
fn parts(expr: &Expr, index: usize) -> Vec<String> {
    match expr {
        Expr::Tuple(one) => one.elems.iter().nth(index).map(values).unwrap_or_default(),
        Expr::Match(one) => one.arms.iter().flat_map(|arm| parts(&arm.body, index)).collect(),
        Expr::If(one) => {
            let other = one.else_branch.iter().flat_map(|(_, other)| parts(other, index));
            tail(&one.then_branch).into_iter().flat_map(|expr| parts(expr, index)).chain(other).collect()
        }
        Expr::Block(one) => tail(&one.block).into_iter().flat_map(|expr| parts(expr, index)).collect(),
        _ => Vec::new(),
    }
}

fn tail(block: &syn::Block) -> Option<&Expr> {
    match block.stmts.last() {
        Some(Stmt::Expr(expr, None)) => Some(expr),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Advice {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Fn(one) => &one.attrs,
            syn::Item::Mod(one) => &one.attrs,
            syn::Item::Impl(one) => &one.attrs,
            syn::Item::Const(one) if is_advice(&one.ident.to_string().to_lowercase()) => {
                self.texts.extend(values(&one.expr));
                &one.attrs
            }
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, one: &'ast syn::ItemFn) {
        if is_advice(&one.sig.ident.to_string()) {
            self.texts.extend(tail(&one.block).map(values).unwrap_or_default());
        }
        visit::visit_item_fn(self, one);
    }

    fn visit_impl_item_fn(&mut self, one: &'ast syn::ImplItemFn) {
        if is_advice(&one.sig.ident.to_string()) {
            self.texts.extend(tail(&one.block).map(values).unwrap_or_default());
        }
        visit::visit_impl_item_fn(self, one);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            match (&local.pat, &*init.expr) {
                (Pat::Tuple(names), expr) => {
                    for (index, name) in names.elems.iter().enumerate() {
                        if ident(name).is_some_and(|name| is_advice(&name)) {
                            self.texts.extend(parts(expr, index));
                        }
                    }
                }
                (pat, Expr::Closure(closure)) => {
                    let at = closure.inputs.iter().position(|one| ident(one).is_some_and(|name| is_advice(&name)));
                    if let (Some(name), Some(at)) = (ident(pat), at) {
                        self.closures.insert(name, at);
                    }
                    if ident(pat).is_some_and(|name| is_advice(&name)) {
                        self.texts.extend(values(&closure.body));
                    }
                }
                (pat, expr) if ident(pat).is_some_and(|name| is_advice(&name)) => self.texts.extend(values(expr)),
                _ => {}
            }
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_assign(&mut self, one: &'ast syn::ExprAssign) {
        if let Expr::Path(path) = &*one.left
            && path.path.get_ident().is_some_and(|name| is_advice(&name.to_string()))
        {
            self.texts.extend(values(&one.right));
        }
        visit::visit_expr_assign(self, one);
    }

    fn visit_expr_method_call(&mut self, one: &'ast syn::ExprMethodCall) {
        let name = one.method.to_string();
        let at = if name == "help" { Some(0) } else { self.takers.get(&name).copied() };
        if let Some(expr) = at.and_then(|at| one.args.iter().nth(at)) {
            self.take(expr, &format!("an argument of `{name}`"));
        }
        visit::visit_expr_method_call(self, one);
    }

    fn visit_expr_call(&mut self, one: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*one.func
            && let Some(name) = path.path.segments.last().map(|last| last.ident.to_string())
            && let Some(at) = self.closures.get(&name).or_else(|| self.takers.get(&name)).copied()
            && let Some(expr) = one.args.iter().nth(at)
        {
            self.take(expr, &format!("an argument of `{name}`"));
        }
        visit::visit_expr_call(self, one);
    }

    fn visit_field_value(&mut self, one: &'ast syn::FieldValue) {
        if matches!(&one.member, Member::Named(name) if is_advice(&name.to_string())) {
            self.texts.extend(values(&one.expr));
        }
        visit::visit_field_value(self, one);
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        let text = text.value();
        let advice = text.split_once(MARK).map(|(_, advice)| advice.lines().next().unwrap_or_default());
        self.texts.extend(advice.filter(|text| !text.is_empty()).map(str::to_owned));
    }

    fn visit_attribute(&mut self, one: &'ast syn::Attribute) {
        let arguments = one.parse_args_with(Exprs::parse_terminated);
        arguments.iter().flatten().for_each(|expr| self.visit_expr(expr));
    }

    fn visit_macro(&mut self, one: &'ast syn::Macro) {
        let arguments = one.parse_body_with(Exprs::parse_terminated);
        arguments.iter().flatten().for_each(|expr| self.visit_expr(expr));
    }
}
