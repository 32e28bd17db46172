(() => {
  'use strict';

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // The table: a click on a column's title sorts by it, words above it choose rows.
  const table = document.getElementById('results-table');
  if (table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const found = element('output', {'aria-live': 'polite'});
    const search = element('input', {type: 'search', id: 'results-search', autocomplete: 'off'});
    const sortBy = element('select', {id: 'results-sort'});
    sortBy.append(element('option', {value: ''}, 'as published'));

    const number = text => {
      const match = text.replaceAll(',', '').replace('\u2212', '-').match(/^\s*[+-]?[\d.]+/);
      return match ? Number(match[0]) : NaN;
    };
    const sort = (column, direction) => {
      const numeric = table.tHead.rows[0].cells[column].classList.contains('k-number');
      const key = row => {
        const text = row.cells[column].textContent.trim();
        return numeric ? number(text) : text;
      };
      const compare = (a, b) => {
        const x = key(a);
        const y = key(b);
        if (numeric) {
          // What lacks stands last in either direction.
          if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
          return direction * (x - y);
        }
        return direction * x.localeCompare(y);
      };
      body.append(...[...rows].sort(compare));
      [...table.tHead.rows[0].cells].forEach((head, i) => {
        if (i === column) head.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
        else head.removeAttribute('aria-sort');
      });
    };

    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const title = head.textContent;
      const button = element('button', {type: 'button', class: 'sort'}, title);
      button.addEventListener('click', () => {
        const first = head.classList.contains('k-number') ? 'descending' : 'ascending';
        const now = head.getAttribute('aria-sort');
        const next = now === first ? (first === 'descending' ? 1 : -1) : first === 'descending' ? -1 : 1;
        sort(column, next);
        sortBy.value = String(column);
      });
      head.replaceChildren(button);
      sortBy.append(element('option', {value: String(column)}, title));
    });
    sortBy.addEventListener('change', () => {
      if (sortBy.value === '') {
        body.append(...rows);
        [...table.tHead.rows[0].cells].forEach(head => head.removeAttribute('aria-sort'));
      } else {
        const column = Number(sortBy.value);
        sort(column, table.tHead.rows[0].cells[column].classList.contains('k-number') ? -1 : 1);
      }
    });
    search.addEventListener('input', () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(word => word);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(word => text.includes(word));
        if (!row.hidden) shown++;
      }
      found.textContent = words.length ? shown + ' of ' + rows.length + ' rows' : '';
    });
    table.parentNode.before(
      element('div', {class: 'tools'},
        element('label', {for: 'results-search'}, 'Search '), search,
        element('label', {for: 'results-sort', class: 'narrow'}, 'Sort by '), sortBy, found));
  }

  // Commands: a button beside each copies it.
  for (const code of document.querySelectorAll('code.copy')) {
    const button = element('button', {type: 'button', 'aria-label': 'Copy ' + code.textContent}, 'Copy');
    button.addEventListener('click', async () => {
      let copied = false;
      try {
        await navigator.clipboard.writeText(code.textContent);
        copied = true;
      } catch (denied) {
        getSelection().selectAllChildren(code);
        copied = document.execCommand('copy');
      }
      button.textContent = copied ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    code.after(' ', button);
  }

  // Curves: one plot of what is picked.
  const explorer = document.getElementById('explorer');
  if (explorer) {
    const series = JSON.parse(document.getElementById('curves-data').textContent);
    const NAMES = {accuracy: 'accuracy in %', loss: 'loss in nats', digit_accuracy: 'accuracy on classes in %'};
    const models = [...new Set(series.map(s => s.model))];
    const metrics = [...new Set(series.map(s => s.metric))];
    const option = (value, text) => element('option', {value}, text);
    const pick = (id, label, options) => {
      const select = element('select', {id});
      select.append(...options);
      return [element('span', {class: 'pick'}, element('label', {for: id}, label), ' ', select), select];
    };
    const tick = (id, label) => {
      const box = element('input', {type: 'checkbox', id});
      box.checked = true;
      return [element('span', {class: 'pick'}, box, ' ', element('label', {for: id}, label)), box];
    };
    const [firstPick, first] = pick('curve-first', 'Model', models.map(m => option(m, m)));
    const [secondPick, second] = pick('curve-second', 'beside', [option('', 'none'), ...models.map(m => option(m, m))]);
    const [metricPick, metric] = pick('curve-metric', 'Shown', metrics.map(m => option(m, NAMES[m])));
    const [validationPick, validation] = tick('curve-validation', 'validation');
    const [trainPick, train] = tick('curve-train', 'training');
    const [bandPick, bands] = tick('curve-bands', 'bands');
    first.value = explorer.dataset.first;

    const SVG = 'http://www.w3.org/2000/svg';
    const W = 640, H = 300, L = 48, R = 12, T = 10, B = 36;
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 ' + W + ' ' + H);
    svg.setAttribute('class', 'chart');
    svg.setAttribute('aria-hidden', 'true');
    const slider = element('div', {role: 'slider', tabindex: '0', class: 'plot',
      'aria-label': 'Epoch; the values are read out', 'aria-valuemin': '1'});
    slider.append(svg);
    const readout = element('p', {class: 'readout'});
    explorer.append(
      element('div', {class: 'tools'}, firstPick, secondPick, metricPick, validationPick, trainPick, bandPick),
      slider, readout);
    explorer.hidden = false;

    const draw = (name, attributes, text) => {
      const made = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      if (text !== undefined) made.textContent = text;
      svg.append(made);
    };
    const shown = text => String(text).replace('-', '\u2212');
    let lines = [], last = 1, epoch = 1, x, y, cursor = [];

    const steps = (low, high) => {
      const rough = (high - low) / 5;
      const power = Math.pow(10, Math.floor(Math.log10(rough)));
      const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough);
      const ticks = [];
      for (let i = Math.floor(low / step); i <= Math.ceil(high / step); i++) ticks.push(i * step);
      return [ticks, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))];
    };
    const redraw = () => {
      const splits = [...(validation.checked ? ['validation'] : []), ...(train.checked ? ['train'] : [])];
      const chosen = [first.value, ...(second.value && second.value !== first.value ? [second.value] : [])];
      lines = chosen.flatMap((model, i) => splits.flatMap(split =>
        series.filter(s => s.model === model && s.metric === metric.value && s.split === split)
          .map(s => ({...s, style: (i ? ' second' : '') + (split === 'train' ? ' dashed' : '')}))));
      svg.replaceChildren();
      cursor = [];
      if (!lines.length) {
        readout.textContent = 'Nothing is picked, or this model has no such values.';
        return;
      }
      last = Math.max(...lines.flatMap(s => s.epoch));
      epoch = Math.min(epoch, last);
      const ends = lines.flatMap(s => s.mean.flatMap((m, i) => bands.checked ? [m - s.std[i], m + s.std[i]] : [m]));
      let low = Math.min(...ends), high = Math.max(...ends);
      if (metric.value !== 'loss') { low = Math.max(0, low); high = Math.min(100, high); }
      if (!(high > low)) { low -= 1; high += 1; }
      const [ticks, digits] = steps(low, high);
      low = ticks[0];
      high = ticks[ticks.length - 1];
      x = e => last > 1 ? L + (e - 1) / (last - 1) * (W - L - R) : (L + W - R) / 2;
      y = v => H - B - (Math.min(high, Math.max(low, v)) - low) / (high - low) * (H - B - T);
      for (const t of ticks) {
        draw('line', {class: 'grid', x1: L, x2: W - R, y1: y(t), y2: y(t)});
        draw('text', {class: 'tick end', x: L - 6, y: y(t) + 4}, shown(t.toFixed(digits)));
      }
      for (let e = 1; e <= last; e += Math.max(1, Math.round(last / 8))) {
        draw('text', {class: 'tick middle', x: x(e), y: H - B + 16}, e);
      }
      draw('text', {class: 'tick middle', x: (L + W - R) / 2, y: H - 4}, 'epoch');
      for (const s of lines) {
        if (bands.checked) {
          const up = s.epoch.map((e, i) => x(e) + ' ' + y(s.mean[i] + s.std[i]));
          const down = s.epoch.map((e, i) => x(e) + ' ' + y(s.mean[i] - s.std[i])).reverse();
          draw('path', {class: 'band' + s.style, d: 'M' + [...up, ...down].join('L') + 'Z'});
        }
      }
      for (const s of lines) {
        draw('path', {class: 'line' + s.style, d: 'M' + s.epoch.map((e, i) => x(e) + ' ' + y(s.mean[i])).join('L')});
      }
      slider.setAttribute('aria-valuemax', String(last));
      point(epoch);
    };
    const point = to => {
      if (!lines.length) return;
      epoch = Math.min(last, Math.max(1, to));
      cursor.forEach(mark => mark.remove());
      const before = svg.childNodes.length;
      draw('line', {class: 'zero', x1: x(epoch), x2: x(epoch), y1: T, y2: H - B});
      const words = [];
      for (const s of lines) {
        const i = s.epoch.indexOf(epoch);
        if (i >= 0) {
          draw('circle', {class: 'dot' + s.style, cx: x(epoch), cy: y(s.mean[i]), r: 4});
          words.push(s.model + ', ' + (s.split === 'train' ? 'training' : s.split) + ' '
            + shown(s.mean[i]) + ' \u00b1 ' + s.std[i]);
        }
      }
      cursor = [...svg.childNodes].slice(before);
      const text = 'Epoch ' + epoch + ': ' + words.join('; ');
      readout.textContent = text;
      slider.setAttribute('aria-valuenow', String(epoch));
      slider.setAttribute('aria-valuetext', text);
    };
    slider.addEventListener('pointermove', event => {
      const box = svg.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width * W;
      point(Math.round(1 + (at - L) / (W - L - R) * (last - 1)));
    });
    slider.addEventListener('keydown', event => {
      const steps = {ArrowRight: epoch + 1, ArrowUp: epoch + 1, ArrowLeft: epoch - 1, ArrowDown: epoch - 1,
        PageUp: epoch + 5, PageDown: epoch - 5, Home: 1, End: last};
      if (event.key in steps) {
        event.preventDefault();
        point(steps[event.key]);
      }
    });
    for (const control of [first, second, metric, validation, train, bands]) {
      control.addEventListener('change', redraw);
    }
    epoch = Infinity;
    redraw();
  }
})();
