import { useRef, useState } from 'preact/hooks';

interface Tab {
  readonly name: string;
  readonly content: () => preact.JSX.Element;
}

/** One of several views at a time; by the arrow keys, too. https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
export function Tabs({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
}): preact.JSX.Element {
  const [open, setOpen] = useState(() =>
    Math.max(
      0,
      tabs.findIndex(({ name }) => `#${name.toLowerCase()}` === location.hash),
    ),
  );
  const list = useRef<HTMLDivElement>(null);
  const show = (index: number): void => {
    const next = (index + tabs.length) % tabs.length;
    setOpen(next);
    // So that a link, and a reload, comes back here.
    history.replaceState(null, '', `#${tabs[next]!.name.toLowerCase()}`);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <>
      <div
        role="tablist"
        aria-label={label}
        ref={list}
        onKeyDown={({ key }) => {
          if (key === 'ArrowRight') show(open + 1);
          else if (key === 'ArrowLeft') show(open - 1);
          else if (key === 'Home') show(0);
          else if (key === 'End') show(tabs.length - 1);
        }}
      >
        {tabs.map(({ name }, index) => (
          <button
            type="button"
            role="tab"
            key={name}
            id={`tab-${name}`}
            aria-selected={index === open}
            aria-controls="panel"
            tabIndex={index === open ? 0 : -1}
            onClick={() => {
              show(index);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${tabs[open]!.name}`} key={tabs[open]!.name}>
        {tabs[open]!.content()}
      </div>
    </>
  );
}
